#include "grammar.hpp"

#include "random_scripts.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <strings.h>

namespace hawser::test {
namespace {

constexpr std::size_t mistakes_one_in = 25;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    result.push_back(word);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return result;
}

const std::vector<std::string_view> bad_values{"",
                                               "abc",
                                               "-1",
                                               "0",
                                               "1.5",
                                               " 1",
                                               "1 ",
                                               "+1",
                                               "01",
                                               "9223372036854775807",
                                               "x",
                                               "NX",
                                               "XX",
                                               "GET",
                                               "EX",
                                               "nan",
                                               "*",
                                               "inf",
                                               "-9223372036854775808",
                                               "1e3",
                                               "9223372036854775808",
                                               "99999999999999999999999",
                                               "\r\n"};

const std::vector<std::string_view> texts{
    "a",
    "b",
    "hello",
    "hello world",
    "",
    "12",
    "-7",
    "3.25",
    "1e5",
    "0",
    "9223372036854775806",
    "ohmytext",
    "mynewtext",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "\xff\xfe"};

const std::vector<std::string_view> patterns{"*",     "k*", "k?",  "[a-k]*", "*1", "k[0-3]",
                                             "k[^1]", "??", "\\*", "",       "k1", "K*"};

const std::vector<std::string_view> channel_patterns{"c*",    "c?",   "*", "c[01]", "c0",
                                                     "c[^1]", "\\c1", "",  "d*",    "*1"};

const std::vector<std::string_view> names{"one",       "two", "a-long-name-with-signs!", "", "~",
                                          "two words", "\xe4"};

const std::vector<std::string_view> commands = words_of(
    "get GETDEL mset config|get CONFIG| client|setname object|encoding nosuch | expire lcs "
    "memory|usage watch append subscribe ssubscribe randomkey");

// What finds its keys by every kind of specification.
const std::vector<std::string_view> keyed_commands = words_of(
    "get set sort sort_ro zunionstore zunion zinterstore zdiff zrangestore eval evalsha fcall "
    "migrate xreadgroup xread xgroup xadd lmpop blmpop zmpop bzmpop sintercard sunionstore bitop "
    "bitfield georadius georadius_ro geosearchstore pfcount copy smove lmove rpoplpush "
    "blpop bzpopmin getex hset spublish publish object script memory ping multi debug command "
    "restore touch unlink exists rename move dump OBJECT");

// All but those that decide who is connected, what is written, or what is logged when.
const std::vector<std::string_view> directives = words_of(
    "acl-pubsub-default acllog-max-len active-defrag-cycle-max active-defrag-cycle-min "
    "active-defrag-ignore-bytes active-defrag-max-scan-fields active-defrag-threshold-lower "
    "active-defrag-threshold-upper active-expire-effort activerehashing always-show-logo aof- "
    "disable-auto-gc aof-load-truncated aof-rewrite-incremental-fsync aof-timestamp-enabled "
    "aof-use-rdb-preamble appendfilename appendfsync auto-aof-rewrite-min-size auto-aof- "
    "rewrite-percentage bind-source-addr busy-reply-threshold client-query-buffer-limit "
    "cluster-allow-pubsubshard-when-down cluster-allow-reads-when-down cluster-allow-replica- "
    "migration cluster-announce-bus-port cluster-announce-hostname cluster-announce-ip "
    "cluster-announce-port cluster-announce-tls-port cluster-config-file cluster-link- "
    "sendbuf-limit cluster-migration-barrier cluster-node-timeout cluster-preferred-endpoint- "
    "type cluster-replica-no-failover cluster-replica-validity-factor cluster-require-full- "
    "coverage cluster-slave-no-failover cluster-slave-validity-factor crash-log-enabled "
    "crash-memcheck-enabled daemonize databases dbfilename disable-thp dynamic-hz enable- "
    "debug-command enable-protected-configs hash-max-listpack-entries hash-max-listpack-value "
    "hash-max-ziplist-entries hash-max-ziplist-value hll-sparse-max-bytes hz ignore-warnings "
    "io-threads io-threads-do-reads jemalloc-bg-thread latency-tracking lazyfree-lazy- "
    "eviction lazyfree-lazy-expire lazyfree-lazy-server-del lazyfree-lazy-user-del lazyfree- "
    "lazy-user-flush lfu-decay-time lfu-log-factor list-compress-depth list-max-listpack-size "
    "list-max-ziplist-size logfile loglevel lua-time-limit masterauth masteruser maxmemory- "
    "eviction-tenacity maxmemory-samples min-replicas-max-lag min-slaves-max-lag no- "
    "appendfsync-on-rewrite oom-score-adj oom-score-adj-values pidfile proc-title-template "
    "propagation-error-behavior protected-mode proto-max-bulk-len rdb-del-sync-files rdb- "
    "save-incremental-fsync rdbchecksum rdbcompression repl-backlog-size repl-backlog-ttl "
    "repl-disable-tcp-nodelay repl-diskless-load repl-diskless-sync repl-diskless-sync-delay "
    "repl-diskless-sync-max-replicas repl-ping-replica-period repl-ping-slave-period repl- "
    "timeout replica-announce-ip replica-announce-port replica-announced replica-ignore-disk- "
    "write-errors replica-ignore-maxmemory replica-lazy-flush replica-priority replica-read- "
    "only replica-serve-stale-data sanitize-dump-payload set-max-intset-entries set-proc- "
    "title shutdown-on-sigint shutdown-on-sigterm shutdown-timeout slave-announce-ip slave- "
    "announce-port slave-ignore-maxmemory slave-lazy-flush slave-priority slave-read-only "
    "slave-serve-stale-data slowlog-max-len socket-mark-id stop-writes-on-bgsave-error "
    "stream-node-max-bytes stream-node-max-entries supervised syslog-enabled syslog-facility "
    "syslog-ident tcp-backlog tcp-keepalive tls-auth-clients tls-ca-cert-dir tls-prefer- "
    "server-ciphers tls-session-cache-size tls-session-cache-timeout tls-session-caching "
    "tracking-table-max-keys unixsocket unixsocketperm zset-max-listpack-entries zset-max- "
    "listpack-value zset-max-ziplist-entries zset-max-ziplist-value nosuch");

const std::vector<std::string_view> directive_values{"yes",
                                                     "no",
                                                     "YES",
                                                     "1",
                                                     "10",
                                                     "100",
                                                     "-1",
                                                     "-2",
                                                     "0",
                                                     "64",
                                                     "1kb",
                                                     "64mb",
                                                     "1gb",
                                                     "1GB",
                                                     "1048576",
                                                     "2mb",
                                                     "1.5mb",
                                                     "512mb",
                                                     "1g",
                                                     "1k",
                                                     "10%",
                                                     "15000",
                                                     "notice",
                                                     "debug",
                                                     "warning",
                                                     "everysec",
                                                     "always",
                                                     "clients",
                                                     "abc",
                                                     "",
                                                     " 1",
                                                     "1 2 3",
                                                     "0 200 800",
                                                     "007",
                                                     "0x10",
                                                     "70000",
                                                     "9223372036854775807",
                                                     "18446744073709551615",
                                                     "99999999999999999999",
                                                     "nothing",
                                                     "a/b",
                                                     "5mm",
                                                     "KEA",
                                                     "local7",
                                                     "hostname",
                                                     "mirror",
                                                     "swapdb",
                                                     "optional",
                                                     "101%",
                                                     "-5%",
                                                     "2147483647",
                                                     "2147483648",
                                                     "4294967295",
                                                     "4294967296",
                                                     "-2001 0 1",
                                                     "a.b",
                                                     "{title} {port}",
                                                     "{nope}",
                                                     "force",
                                                     "now",
                                                     "debug"};

const std::vector<std::string_view> output_limits{
    "normal 0 0 0",  "pubsub 32mb 8mb 60", "replica 1gb 1gb 1",  "slave 1gb 0 0 pubsub 0 0 0",
    "normal 1gb",    "nobody 0 0 0",       "normal -1 0 0",      "master 0 0 0",
    "normal 0 0 -1", "normal  0  0  0",    "NORMAL 1gb 64mb 100"};

const std::vector<std::string_view> percentiles{"50 99 99.9", "",       "0", "100",    "101",
                                                "-1",         "50  99", "x", "50 abc", "99.999999"};

const std::vector<std::string_view> save_points{
    "", "60 1", "60 1 3600 100", "60", "0 1", "60 -1", "abc 1", "60 1 ", "1 1 1", "3600 0"};

const std::vector<std::string_view> scores{
    "0",     "0",    "1",    "2",      "3",   "-0",   "0.1",
    "-1.5",  "1e20", "1e17", "0.3333", "inf", "-inf", "12345678901234567",
    "-3e-7", "1e16"};

// Where an unescaped bar of this depth divides the alternatives.
std::vector<std::string_view> alternatives(std::string_view group) {
  std::vector<std::string_view> result;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i] == '[' || group[i] == '(') ++depth;
    if (group[i] == ']' || group[i] == ')') --depth;
    if (group[i] != '|' || depth > 0) continue;
    result.push_back(group.substr(start, i - start));
    start = i + 1;
  }
  result.push_back(group.substr(start));
  return result;
}

// The length of the group at the front, with its brackets.
std::size_t group_length(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[' || text[i] == '(') ++depth;
    if ((text[i] == ']' || text[i] == ')') && --depth == 0) return i + 1;
  }
  throw std::logic_error("a bracket is left open: " + std::string(text));
}

// Of what mistakes have made of a command.
compare_mode mode_of(const command_rule& rule, const std::vector<std::string>& argv) {
  const auto starts = [&](std::string_view words) { return rule.pattern.starts_with(words); };
  // A different place in each server's table.
  const std::size_t cursor = starts("SCAN ") ? 1 : 2;
  if (rule.pattern.substr(0, rule.pattern.find(' ')).ends_with("SCAN") && argv.size() > cursor &&
      argv[cursor] != "0")
    return compare_mode::nothing;
  // A time beyond the clock's range: docs/differences.md.
  if (starts("CLIENT PAUSE") && argv.size() > 2 && argv[2].size() >= 19)
    return compare_mode::nothing;
  // Each server counts its clients and the time that it has spent.
  const auto is = [&](std::size_t at, const char* word) {
    return argv.size() == at + 1 && ::strcasecmp(argv[at].c_str(), word) == 0;
  };
  if ((starts("LATENCY HISTOGRAM") && argv.size() != 3) || is(1, "histogram") ||
      (starts("COMMAND") && argv.size() <= 2))
    return compare_mode::nothing;
  if (is(1, "id") || is(1, "list") || is(1, "info")) return compare_mode::shape;
  // Everything, of which there is more in later versions.
  const bool of_server = starts("CONFIG GET") || starts("COMMAND LIST");
  if (of_server && std::find(argv.begin(), argv.end(), "*") != argv.end())
    return compare_mode::nothing;
  // From everything, in the order of each server's table.
  if (rule.pattern.find("UNSUBSCRIBE") != rule.pattern.npos && argv.size() == 1)
    return compare_mode::shape;
  return rule.mode;
}

}  // namespace

command_generator::command_generator(const command_family& family, std::uint64_t seed)
    : family_(family), random_(seed) {
  for (const auto& rule : family.rules) total_weight_ += rule.weight;
}

random_command command_generator::next() {
  auto left = static_cast<int>(below(static_cast<std::size_t>(total_weight_)));
  auto rule = family_.rules.begin();
  while (left >= rule->weight) left -= (rule++)->weight;
  random_command result;
  expand(rule->pattern, result.argv);
  if (once_in(mistakes_one_in) && rule->may_be_spoilt) spoil(result.argv);
  result.how.mode = mode_of(*rule, result.argv);
  result.how.near = rule->near;
  if (rule->mask) result.how.mask = rule->mask;
  return result;
}

void command_generator::expand(std::string_view pattern, std::vector<std::string>& to) {
  while (!pattern.empty()) {
    if (pattern.front() == ' ') {
      pattern.remove_prefix(1);
      continue;
    }
    if (pattern.front() == '[' || pattern.front() == '(') {
      const auto length = group_length(pattern);
      expand_group(pattern.substr(1, length - 2), pattern.front() == '[', to);
      pattern.remove_prefix(length);
      continue;
    }
    const auto word = pattern.substr(0, pattern.find(' '));
    pattern.remove_prefix(word.size());
    if (word.front() != '<') {
      to.emplace_back(word);
      continue;
    }
    const auto kind = word.substr(1, word.find('>') - 1);
    for (auto count = word.back() == '+' ? 1 + below(4) : 1; count > 0; --count)
      for (auto parts = kind; !parts.empty();) {
        const auto part = parts.substr(0, parts.find(','));
        to.push_back(value(part));
        parts.remove_prefix(std::min(part.size() + 1, parts.size()));
      }
  }
}

void command_generator::expand_group(std::string_view group, bool optional,
                                     std::vector<std::string>& to) {
  if (optional && once_in(2)) return;
  const auto choices = alternatives(group);
  expand(choices[below(choices.size())], to);
}

std::string command_generator::value(std::string_view kind) {
  if (kind == "key") return "k" + std::to_string(below(8));
  if (kind == "text") return pick(texts);
  if (kind == "script") return random_script(random_);
  if (kind == "pattern") return pick(patterns);
  if (kind == "int") return std::to_string(static_cast<int>(below(2000)) - 1000);
  if (kind == "big") return std::to_string(static_cast<std::int64_t>(random_()));
  if (kind == "index") return std::to_string(static_cast<int>(below(40)) - 20);
  if (kind == "offset") return std::to_string(below(100));
  if (kind == "float") return std::to_string(static_cast<int>(below(20000)) - 10000) + ".125";
  if (kind == "bit") return std::to_string(below(20'000));
  if (kind == "type") return (once_in(2) ? "i" : "u") + std::to_string(1 + below(64));
  if (kind == "element") return "e" + std::to_string(below(5'000));
  if (kind == "hll") return sparse_hyperloglog();
  if (kind == "member") return member();
  if (kind == "db") return std::to_string(below(3));
  // Lifetimes are far apart and far off: two servers never disagree about which of two is longer,
  // nor about whether a key is still there.
  if (kind == "seconds") return std::to_string(1000 + below(1'000'000'000));
  if (kind == "milliseconds") return std::to_string(1'000'000 + below(1'000'000'000) * 1000);
  if (kind == "unix") return std::to_string(4'102'444'800 + below(1'000'000'000));
  if (kind == "unix-ms") return std::to_string((4'102'444'800 + below(1'000'000'000)) * 1000);
  if (kind == "past") return std::to_string(below(1'000'000'000));
  if (kind == "ranked") {
    // A few of each kind: short, integer, too long for a listpack.
    const auto number = below(40);
    if (number == 0) return std::string(70, 'x');
    return (number < 25 ? "m" : "") + std::to_string(number);
  }
  if (kind == "score")
    return once_in(2) ? pick(scores) : std::to_string(static_cast<int>(below(20)) - 5);
  if (kind == "score-bound") return (once_in(3) ? "(" : "") + value("score");
  if (kind == "member-bound")
    return once_in(4) ? std::string(once_in(2) ? "-" : "+")
                      : (once_in(2) ? "[" : "(") + value("ranked");
  if (kind == "id") return stream_id();
  if (kind == "new-id") return new_stream_id();
  if (kind == "id-bound")
    return once_in(3) ? std::string(once_in(2) ? "-" : "+") : (once_in(4) ? "(" : "") + stream_id();
  if (kind == "longitude") return degrees(180, 14);
  if (kind == "latitude") return degrees(85.05, 37.5);
  if (kind == "length") return length();
  if (kind == "weight") return "w_" + value("index");
  if (kind == "record") return "h_" + value("index");
  if (kind == "client-id" || kind == "client-addr")
    return std::string(kind == "client-id" ? id_of_client : addr_of_client) +
           std::to_string(below(static_cast<std::size_t>(family_.connections)));
  if (kind == "channel") return "c" + std::to_string(below(3));
  if (kind == "channel-pattern") return pick(channel_patterns);
  if (kind == "name") return pick(names);
  if (kind == "command") return pick(commands);
  if (kind == "keyed") return pick(keyed_commands);
  if (kind == "directive") return pick(directives);
  if (kind == "value") return pick(directive_values);
  if (kind == "limits") return pick(output_limits);
  if (kind == "percentiles") return pick(percentiles);
  if (kind == "save") return pick(save_points);
  throw std::logic_error("unknown kind of value: " + std::string(kind));
}

// Runs of registers, each whole, that only sometimes cover all registers and no more.
// Above all that were made before, so that most are taken: two a millisecond.
std::string command_generator::new_stream_id() {
  ++stream_ids_;
  const auto ms = std::to_string(stream_ids_ / 2);
  return ms + "-" + (once_in(3) ? "*" : std::to_string(1 + stream_ids_ % 2));
}

// One of the newest, whole or its milliseconds alone.
std::string command_generator::stream_id() {
  const auto newest = stream_ids_ / 2;
  const auto ms = std::to_string(newest - std::min(newest, below(once_in(4) ? 200 : 20)));
  return once_in(5) ? ms : ms + "-" + std::to_string(below(3));
}

std::string command_generator::sparse_hyperloglog() {
  constexpr std::size_t registers = 16'384;
  std::string bytes("HYLL\x01\x00\x00\x00", 8);
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(i == 0 || i == 7 ? below(256) : 0);
  std::size_t covered = 0;
  while (covered < registers && !once_in(200)) {
    const auto left = registers - covered;
    auto length = 1 + below(once_in(3) ? 4 : 2'000);
    if (!once_in(100)) length = std::min(length, left);
    covered += length;
    if (length <= 4) {
      bytes += static_cast<char>(0x80 | below(32) << 2 | (length - 1));
    } else if (length <= 64) {
      bytes += static_cast<char>(length - 1);
    } else {
      bytes += static_cast<char>(0x40 | (length - 1) >> 8);
      bytes += static_cast<char>(length - 1);
    }
  }
  return bytes;
}

// Half of them near a place, so that areas of every size have some.
std::string command_generator::degrees(double limit, double of_place) {
  if (once_in(40)) return std::to_string(once_in(2) ? limit : -limit);
  if (once_in(40)) return "0";
  const double share = static_cast<double>(below(2'000'001)) / 1'000'000 - 1;
  return std::to_string(once_in(2) ? share * limit : of_place + share * share * share);
}

// From nothing to around the world.
std::string command_generator::length() {
  if (once_in(20)) return once_in(2) ? "0" : "inf";
  double longest = 10;
  for (auto digits = below(8); digits > 0; --digits) longest *= 10;
  return std::to_string(static_cast<double>(below(1'000'000)) / 1'000'000 * longest);
}

// Few enough for sets to share them, and enough for sets of every size and width.
std::string command_generator::member() {
  switch (below(40)) {
    case 0:
      return pick(texts);
    case 1:
      return std::to_string(static_cast<std::int64_t>(below(1'000'000) * 1'000'003) - 50'000'000);
    case 2:
    case 3:
      return "m" + std::to_string(below(300));
    default:
      return std::to_string(static_cast<int>(below(620)) - 10);
  }
}

std::string command_generator::pick(const std::vector<std::string_view>& values) {
  return std::string(values[below(values.size())]);
}

void command_generator::spoil(std::vector<std::string>& argv) {
  const auto at = 1 + below(argv.size());
  const auto place = argv.begin() + static_cast<std::ptrdiff_t>(std::min(at, argv.size() - 1));
  switch (below(6)) {
    case 0:
      if (argv.size() > 1) argv.pop_back();
      return;
    case 1:
      argv.push_back(pick(bad_values));
      return;
    case 2:
      if (argv.size() > 1) *place = pick(bad_values);
      return;
    case 3:
      if (argv.size() > 1) argv.erase(place);
      return;
    case 4:
      argv.push_back(argv[below(argv.size())]);
      return;
    default:
      for (auto& c : *place) c = static_cast<char>(once_in(2) ? std::toupper(c) : std::tolower(c));
  }
}

}  // namespace hawser::test
