#pragma once

#include <string>

namespace hawser::engine {

/// A data set on its way into a node, which is `loading` meanwhile.
class data_load {
 public:
  virtual ~data_load() = default;

  enum class state { more, done, failed };

  /// Loads a part that takes a few milliseconds.
  virtual state step() = 0;
  /// The database that the primary's stream had selected, as the data set says.
  virtual int stream_db() const = 0;
  /// Why it has failed.
  virtual const std::string& reason() const = 0;
};

}  // namespace hawser::engine
