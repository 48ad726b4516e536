#pragma once

#include "catch.hpp"

#include <filesystem>
#include <sys/mount.h>

namespace hawser::test {

/// A file system of its own that is soon full. Only root can have one.
class small_disk {
 public:
  explicit small_disk(const std::filesystem::path& at) : at_(at) {
    std::filesystem::create_directory(at);
    mounted_ = ::mount("tmpfs", at.c_str(), "tmpfs", 0, "size=256k") == 0;
    if (!mounted_) WARN("left out: no file system can be mounted");
  }
  ~small_disk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;

  bool mounted() const { return mounted_; }
  void grow() { CHECK(::mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT, "size=8m") == 0); }

 private:
  std::filesystem::path at_;
  bool mounted_;
};

}  // namespace hawser::test
