#include <persistence/file_consumer.hpp>

namespace hawser::persistence {

namespace {

constexpr std::size_t often = std::size_t{4} << 20;  // bytes, as Redis has it

}  // namespace

file_consumer::file_consumer(file_system& files, names where, bool sync_often)
    : files_(&files), where_(std::move(where)), sync_often_(sync_often) {}

file_consumer::~file_consumer() {
  out_.reset();
  if (there_) files_->remove(where_.temporary);
}

std::error_code file_consumer::create() {
  std::error_code failure;
  out_ = files_->create(where_.temporary, failure);
  there_ = out_ != nullptr;
  return failure;
}

std::error_code file_consumer::write(std::string_view bytes) {
  if (out_ == nullptr)
    if (const auto failure = create()) return failure;
  if (const auto failure = out_->write(bytes)) return failure;
  unsynced_ += bytes.size();
  if (!sync_often_ || unsynced_ < often) return {};
  unsynced_ = 0;
  return out_->sync();
}

std::error_code file_consumer::finish() {
  if (const auto failure = out_->sync()) return failure;
  out_.reset();
  if (const auto failure = files_->rename(where_.temporary, where_.file)) return failure;
  there_ = false;
  return files_->sync_directory(where_.file.has_parent_path() ? where_.file.parent_path() : ".");
}

}  // namespace hawser::persistence
