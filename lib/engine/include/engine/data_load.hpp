#pragma once

namespace hawser::engine {

/// A data set on its way into a node, which is `loading` meanwhile.
class data_load {
 public:
  virtual ~data_load() = default;

  enum class state { more, done, failed };

  /// Loads a part that takes a few milliseconds. The reason of a failure is in the log.
  virtual state step() = 0;
  /// The database that the primary's stream had selected, as the data set says.
  virtual int stream_db() const { return 0; }
};

}  // namespace hawser::engine
