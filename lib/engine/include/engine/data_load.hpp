#pragma once

namespace hawser::engine {

/// What becomes of the data there are when a primary has sent all of its own.
enum class present_data {
  removed,  // before the others are loaded
  kept,     // until those have been loaded, whole; clients are told that they are loading
  served    // the same, but clients go on as if nothing happened
};

/// A data set on its way into a node, which is `loading` meanwhile, or `loading_aside`. Where the
/// data there are have been kept, it takes their place at its end.
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
