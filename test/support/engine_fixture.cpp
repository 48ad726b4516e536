#include "engine_fixture.hpp"

#include "command_line.hpp"
#include "reply_decoder.hpp"
#include <commands/snapshot.hpp>
#include <resp/request.hpp>

#include <scripting/families.hpp>
#include <scripting/install.hpp>
#include <stdexcept>

namespace hawser::test {

void engine_loop::run() {
  while (!resumed_.empty()) {
    engine_client& next = *resumed_.front();
    resumed_.pop_front();
    next.go_on();
  }
  if (afterwards) afterwards();
}

engine_client::engine_client(engine::node& server, engine::dispatcher& commands, engine_loop& loop)
    : server_(server), commands_(commands), loop_(loop), who_(server.next_client_id(), *this) {
  who_.created = who_.last_interaction = server.now();
  who_.address = "127.0.0.1:" + std::to_string(10'000 + who_.id);
  who_.local_address = "127.0.0.1:6379";
  server_.add(who_);
}

engine_client::~engine_client() {
  loop_.remove(*this);
  server_.remove(who_);
}

void engine_client::send(std::string_view line) { send_argv(split_command(line)); }

void engine_client::send_argv(std::span<const std::string> argv) {
  if (closed_) throw std::runtime_error("the connection has been closed");
  sent_.emplace_back(argv.begin(), argv.end());
  go_on();
  loop_.run();
}

namespace {

std::size_t wire_size(std::span<const std::string_view> words) {
  std::string request;
  resp::begin_request(request, words.size());
  for (const auto word : words) resp::append_word(request, word);
  return request.size();
}

}  // namespace

void engine_client::go_on() {
  while (!sent_.empty() && !who_.waits() && !closed_) {
    server_.update_time();
    who_.last_interaction = server_.now();
    commands_.start_timing();
    const auto argv = std::move(sent_.front());
    sent_.pop_front();
    const std::vector<std::string_view> words(argv.begin(), argv.end());
    if (commands_.execute(who_, words, wire_size(words)) == engine::dispatcher::outcome::postponed)
      sent_.push_front(argv);
  }
}

bool engine_client::has_reply() {
  loop_.run();
  return !who_.out.empty();
}

std::pair<reply_value, std::string> engine_client::take() {
  loop_.run();
  const auto bytes = who_.out.str();
  auto decoded = decode_reply(bytes);
  if (!decoded) throw std::runtime_error("there is no reply");
  who_.out.consume(decoded->size);
  return {std::move(decoded->value), bytes.substr(0, decoded->size)};
}

std::string engine_client::reply() { return to_string(take().first); }
std::string engine_client::raw_reply() { return take().second; }

std::string engine_client::operator()(std::string_view line) {
  send(line);
  return reply();
}

namespace {

std::vector<engine::command_table::rows> all_families(engine::command_table::rows more) {
  const auto families = scripting::families();
  std::vector<engine::command_table::rows> all(families.families.begin(), families.families.end());
  all.push_back(more);
  return all;
}

}  // namespace

engine_fixture::engine_fixture(directives changed, engine::command_table::rows more_commands)
    : config_({}, "", environment_, *this),
      node(config_, {all_families(more_commands), scripting::families().describe}, clock, *this, 1),
      commands_(node) {
  scripting::install(node);
  for (const auto& [directive, value] : changed) set(directive, value);
  loop_.afterwards = [this] {
    if (std::exchange(broadcast_due_, false)) node.tracking.broadcast();
    if (std::exchange(disk_has_more_, false)) commands_.serve_acknowledged();
    if (!holds_snapshots && std::exchange(snapshot_awake_, false)) finish_snapshot();
  };
  own_client_ = std::make_unique<engine_client>(node, commands_, loop_);
}

engine_fixture::~engine_fixture() = default;

engine::process_facts engine_fixture::facts() const {
  engine::process_facts made;
  made.process_id = 42;
  made.operating_system = "TestOS 1.0";
  made.resident_memory = 3'000'000;
  made.allocator_held = 2'000'000;
  made.all_threads = {1.5, 2.25};
  return made;
}

void engine_fixture::advance_ms(base::milliseconds_t by) {
  clock.advance_ms(by);
  // As a timer does: asked for once, rings once.
  while (alarm_ns_ && *alarm_ns_ <= clock.monotonic_ns()) {
    alarm_ns_.reset();
    commands_.end_overdue_waits();
  }
  loop_.run();
}

std::optional<base::milliseconds_t> engine_fixture::alarm_ms() const {
  if (!alarm_ns_) return std::nullopt;
  return *alarm_ns_ / 1'000'000;
}

std::size_t engine_fixture::run_background_work() {
  for (const auto& each : background_) each();
  return std::exchange(background_, {}).size();
}

void engine_fixture::finish_snapshot() {
  while (node.snapshot) {
    commands::snapshot_slice(node, {});
    run_background_work();
  }
}

std::vector<std::vector<std::string>> engine_fixture::journalled_words() {
  if (!journal_) {
    journal_.emplace(node.journal.log, node.journal.log.end());
    node.journal.select_again();
  }
  std::string all;
  for (auto piece = journal_->next(); piece.block != nullptr; piece = journal_->next())
    all += piece.bytes;
  std::vector<std::vector<std::string>> requests;
  std::string_view left = all;
  while (const auto decoded = decode_reply(left)) {
    auto& words = requests.emplace_back();
    for (const auto& word : decoded->value.items) words.push_back(word.text);
    left.remove_prefix(decoded->size);
  }
  return requests;
}

std::vector<std::string> engine_fixture::journalled() {
  std::vector<std::string> lines;
  for (const auto& words : journalled_words()) {
    auto& line = lines.emplace_back();
    for (const auto& word : words) line += (line.empty() ? "" : " ") + word;
  }
  return lines;
}

void engine_fixture::set(std::string_view directive, std::string_view value) {
  const std::pair<std::string_view, std::string_view> change{directive, value};
  if (const auto refused = config_.set({&change, 1}, {})) throw std::runtime_error(*refused);
}

void play(engine_fixture& db, engine_client& who, const std::vector<std::string>& argv) {
  who.send_argv(argv);
  while (who.blocked()) {
    db.advance_ms(1'000);
    if (who.blocked()) db("CLIENT UNBLOCK " + std::to_string(who.state().id));
  }
  while (who.has_reply()) who.reply();
}

}  // namespace hawser::test
