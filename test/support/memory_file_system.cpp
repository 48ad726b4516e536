#include "memory_file_system.hpp"

#include <algorithm>

namespace hawser::test {

class memory_file_system::writer final : public persistence::output_file {
 public:
  writer(memory_file_system& home, std::shared_ptr<content_of_file> file)
      : home_(&home), file_(std::move(file)) {}

  std::error_code write(std::string_view bytes) override {
    if (const auto failure = home_->outcome(operation::write)) {
      file_->bytes += bytes.substr(0, bytes.size() / 2);
      return failure;
    }
    const auto fitting = std::min(bytes.size(), home_->space_);
    file_->bytes += bytes.substr(0, fitting);
    home_->space_ -= fitting;
    if (fitting == bytes.size()) return {};
    return std::make_error_code(std::errc::no_space_on_device);
  }
  std::error_code sync() override {
    const auto failure = home_->outcome(operation::sync);
    if (!failure) file_->synced = file_->bytes;
    return failure;
  }
  std::error_code truncate(std::uint64_t size) override {
    const auto failure = home_->outcome(operation::truncate);
    if (!failure) file_->bytes.resize(size);
    return failure;
  }

 private:
  memory_file_system* home_;
  std::shared_ptr<content_of_file> file_;
};

class memory_file_system::reader final : public persistence::byte_source {
 public:
  explicit reader(std::shared_ptr<content_of_file> file) : file_(std::move(file)) {}

  std::size_t read(std::span<char> room, std::error_code&) override {
    const auto got = file_->bytes.copy(room.data(), room.size(), at_);
    at_ += got;
    return got;
  }

 private:
  std::shared_ptr<content_of_file> file_;
  std::size_t at_ = 0;
};

std::error_code memory_file_system::outcome(operation what) {
  ++operations_;
  if (!plan_ || plan_->what != what || plan_->successes-- > 0) return {};
  const auto failure = std::make_error_code(plan_->why);
  plan_.reset();
  return failure;
}

std::unique_ptr<persistence::output_file> memory_file_system::create(const path& file,
                                                                     std::error_code& failure) {
  failure = outcome(operation::create);
  if (failure) return nullptr;
  auto& made = names_[file];
  if (!made) made = std::make_shared<content_of_file>();
  made->bytes.clear();
  return std::make_unique<writer>(*this, made);
}

std::unique_ptr<persistence::output_file> memory_file_system::append(const path& file,
                                                                     std::error_code& failure) {
  failure = outcome(operation::append);
  if (failure) return nullptr;
  auto& made = names_[file];
  if (!made) made = std::make_shared<content_of_file>();
  return std::make_unique<writer>(*this, made);
}

std::unique_ptr<persistence::byte_source> memory_file_system::open(const path& file,
                                                                   std::error_code& failure) {
  failure = outcome(operation::open);
  if (!failure && !exists(file))
    failure = std::make_error_code(std::errc::no_such_file_or_directory);
  return failure ? nullptr : std::make_unique<reader>(names_.at(file));
}

std::error_code memory_file_system::rename(const path& from, const path& to) {
  if (const auto failure = outcome(operation::rename)) return failure;
  if (!exists(from)) return std::make_error_code(std::errc::no_such_file_or_directory);
  names_[to] = names_.at(from);
  names_.erase(from);
  return {};
}

std::error_code memory_file_system::remove(const path& file) {
  if (const auto failure = outcome(operation::remove)) return failure;
  if (names_.erase(file) > 0) return {};
  return std::make_error_code(std::errc::no_such_file_or_directory);
}

std::uint64_t memory_file_system::size(const path& file, std::error_code& failure) {
  failure = {};
  if (exists(file)) return names_.at(file)->bytes.size();
  failure = std::make_error_code(std::errc::no_such_file_or_directory);
  return 0;
}

/// A directory is there once it has files.
std::error_code memory_file_system::make_directory(const path&) {
  return outcome(operation::make_directory);
}

std::error_code memory_file_system::sync_directory(const path& directory) {
  if (const auto failure = outcome(operation::sync_directory)) return failure;
  const auto& where = directory == "." ? path() : directory;
  const auto in_it = [&](const auto& each) { return each.first.parent_path() == where; };
  std::erase_if(synced_names_, in_it);
  std::ranges::copy_if(names_, std::inserter(synced_names_, synced_names_.end()), in_it);
  return {};
}

void memory_file_system::lose_power(std::size_t torn) {
  names_ = synced_names_;
  for (auto& [name, file] : names_) {
    if (file->bytes.starts_with(file->synced))
      file->bytes.resize(std::min(file->bytes.size(), file->synced.size() + torn));
    else
      file->bytes = file->synced;
  }
}

memory_file_system memory_file_system::copy() const {
  std::map<std::shared_ptr<content_of_file>, std::shared_ptr<content_of_file>> copies;
  const auto copied = [&](const names& all) {
    names made;
    for (const auto& [name, file] : all) {
      auto& copy = copies[file];
      if (!copy) copy = std::make_shared<content_of_file>(*file);
      made[name] = copy;
    }
    return made;
  };
  memory_file_system made;
  made.names_ = copied(names_);
  made.synced_names_ = copied(synced_names_);
  return made;
}

void memory_file_system::put(const path& file, std::string bytes) {
  names_[file] = std::make_shared<content_of_file>(content_of_file{bytes, bytes});
  synced_names_[file] = names_[file];
}

}  // namespace hawser::test
