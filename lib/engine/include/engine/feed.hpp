#pragma once

#include <memory>
#include <string>

namespace hawser::persistence {
class byte_source;
}

namespace hawser::engine {

/// A data set as it is sent to a replica.
struct data_feed {
  std::string head;
  std::shared_ptr<persistence::byte_source> content;
  std::string tail;
};

}  // namespace hawser::engine
