#include "requests_consumer.hpp"

#include <resp/request.hpp>

#include <limits>
#include <persistence/dump_payload.hpp>
#include <persistence/rdb_reader.hpp>
#include <string>

namespace hawser::commands {

/// Turns what an RDB file brings into requests. One value at a time is in memory.
class requests_consumer::translation final : public persistence::rdb_receiver {
 public:
  translation(const setup& with, persistence::byte_sink& to)
      : how_(with.how), one_(with.hash, with.limits), to_(to) {}

  store::database* database(std::uint64_t index) override {
    wanted_ = index;
    return &one_;
  }
  void loaded(store::entry& of, const persistence::key_facts& facts) override {
    if (selected_ != wanted_) resp::append_request(out_, {"SELECT", std::to_string(wanted_)});
    selected_ = wanted_;
    const std::string key(of.key());
    resp::append_request(out_, {"RESTORE", key, std::to_string(facts.deadline.value_or(0)),
                                persistence::dump_payload(one_, of, how_), "ABSTTL"});
    one_.remove(key);
    one_.free_slice(std::numeric_limits<std::size_t>::max());
    hand_over(enough);
  }
  std::optional<std::string> function_library(std::string_view code) override {
    resp::append_request(out_, {"FUNCTION", "LOAD", code});
    return std::nullopt;
  }

  std::error_code run(persistence::byte_source& from, const std::atomic<bool>& given_up) {
    using persistence::rdb_reader;
    rdb_reader reader(from, *this, {std::nullopt, false, false});
    auto at = rdb_reader::state::more;
    while (at == rdb_reader::state::more && !failure_ && !given_up) at = reader.step();
    if (at == rdb_reader::state::failed) failure_ = std::make_error_code(std::errc::io_error);
    if (given_up) failure_ = std::make_error_code(std::errc::operation_canceled);
    hand_over(0);
    return failure_;
  }

 private:
  static constexpr std::size_t enough = std::size_t{64} << 10;
  static constexpr auto no_database = std::numeric_limits<std::uint64_t>::max();

  void hand_over(std::size_t at_least) {
    if (failure_ || out_.size() < at_least) return;
    failure_ = to_.write(out_);
    out_.clear();
  }

  const persistence::rdb_options how_;
  store::database one_;
  persistence::byte_sink& to_;
  std::string out_;
  std::uint64_t wanted_ = 0, selected_ = no_database;
  std::error_code failure_;
};

requests_consumer::requests_consumer(persistence::file_system& files, setup with)
    : files_(files), with_(std::move(with)), requests_(files, with_.where, with_.sync_often) {}

requests_consumer::~requests_consumer() {
  rdb_.reset();
  if (there_) files_.remove(with_.rdb);
}

std::error_code requests_consumer::write(std::string_view bytes) {
  std::error_code failure;
  if (rdb_ == nullptr) rdb_ = files_.create(with_.rdb, failure);
  there_ = rdb_ != nullptr;
  return failure ? failure : rdb_->write(bytes);
}

std::error_code requests_consumer::finish() {
  rdb_.reset();
  std::error_code failure;
  const auto whole = files_.open(with_.rdb, failure);
  if (!failure) failure = translation(with_, requests_).run(*whole, *with_.given_up);
  return failure ? failure : requests_.finish();
}

}  // namespace hawser::commands
