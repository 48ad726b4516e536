#pragma once

#include "streams.hpp"

namespace hawser::commands {

/// How XADD and XTRIM trim, and what else XADD is told before the fields.
struct trim_options {
  store::stream_trimming trimming;
  bool no_make = false;
  std::optional<parsed_id> id;  // none: "*"
};

/// Reads the options of XTRIM, or those of XADD and the ID.
trim_options read_trim_options(context& cx, bool adding);

/// Takes KEEPREF, DELREF or ACKED.
std::optional<store::stream_references> accept_references(context& cx);

}  // namespace hawser::commands
