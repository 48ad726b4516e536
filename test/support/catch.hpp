#pragma once

// The one place that knows which Catch2 is installed (Debian 12 ships 2.13).
#include <catch2/catch.hpp>
