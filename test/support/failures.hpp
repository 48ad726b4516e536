#pragma once

namespace hawser::test {

/// How many assertions have failed in this process so far; a server compares it with the count at
/// its start to know whether its log is of interest. Kept up to date by failure_listener.cpp.
int& failed_assertions();

}  // namespace hawser::test
