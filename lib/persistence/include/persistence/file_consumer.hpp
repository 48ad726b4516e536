#pragma once

#include <persistence/file_system.hpp>
#include <persistence/snapshot.hpp>

namespace hawser::persistence {

/// Writes a snapshot to a file as replace_file does: under a temporary name, which is removed again
/// unless all goes well. The files outlive it.
class file_consumer final : public snapshot_consumer {
 public:
  struct names {
    std::filesystem::path file;
    std::filesystem::path temporary;  // in the same directory
  };
  /// `sync_often`: what is written does not pile up in the system's memory until the end.
  file_consumer(file_system& files, names where, bool sync_often);
  ~file_consumer() override;

  std::error_code write(std::string_view bytes) override;
  std::error_code finish() override;

 private:
  std::error_code create();

  file_system* files_;
  names where_;
  bool sync_often_;
  std::unique_ptr<output_file> out_;
  std::size_t unsynced_ = 0;  // bytes
  bool there_ = false;        // the temporary file
};

}  // namespace hawser::persistence
