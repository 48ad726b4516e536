#pragma once

#include <store/database.hpp>

#include <atomic>
#include <memory>
#include <persistence/file_consumer.hpp>
#include <persistence/rdb_output.hpp>

namespace hawser::commands {

/// Writes a snapshot to a file as requests that make the data set: the base of an append-only file
/// without an RDB preamble. What comes is an RDB file; it is kept as such beside until it is whole,
/// and then read key by key. As file_consumer otherwise.
class requests_consumer final : public persistence::snapshot_consumer {
 public:
  struct setup {
    persistence::file_consumer::names where;
    std::filesystem::path rdb;  // in the same directory
    bool sync_often;
    persistence::rdb_options how;  // of the values in requests
    store::encoding_limits limits;
    const base::key_hasher& hash;  // outlives this
    /// Becomes true when nobody wants the file any more.
    std::shared_ptr<const std::atomic<bool>> given_up;
  };
  requests_consumer(persistence::file_system& files, setup with);
  ~requests_consumer() override;

  std::error_code write(std::string_view bytes) override;
  std::error_code finish() override;

 private:
  class translation;

  persistence::file_system& files_;
  const setup with_;
  persistence::file_consumer requests_;
  std::unique_ptr<persistence::output_file> rdb_;
  bool there_ = false;  // the RDB file
};

}  // namespace hawser::commands
