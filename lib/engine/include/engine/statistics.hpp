#pragma once

#include <base/clock.hpp>
#include <engine/names.hpp>

#include <array>
#include <cstdint>

namespace hawser::engine {

/// A rate, averaged over the last sixteen samples of a counter.
class rate {
 public:
  void sample(std::uint64_t counter, base::milliseconds_t now);
  std::uint64_t per_second() const;
  void reset() { samples_ = {}; }

 private:
  std::array<std::uint64_t, 16> samples_{};
  std::size_t next_ = 0;
  std::uint64_t last_counter_ = 0;
  base::milliseconds_t last_time_ = 0;
};

/// What the server counts, as INFO stats shows it. CONFIG RESETSTAT clears it.
struct statistics {
  std::uint64_t connections_received = 0;
  std::uint64_t connections_rejected = 0;
  std::uint64_t commands_processed = 0;
  std::uint64_t input_bytes = 0;
  std::uint64_t output_bytes = 0;
  std::uint64_t replication_input_bytes = 0;   // from the primary
  std::uint64_t replication_output_bytes = 0;  // to replicas
  std::uint64_t reads_processed = 0;
  std::uint64_t writes_processed = 0;
  std::uint64_t expired_keys = 0;
  std::uint64_t expired_fields = 0;  // of hashes
  std::uint64_t expire_time_ns = 0;
  std::uint64_t evicted_keys = 0;
  std::uint64_t evicted_clients = 0;
  std::int64_t memory_exceeded_ns = 0;        // the limit was, in all; but for the time
  std::int64_t memory_exceeded_since_ns = 0;  // since then, by the monotonic clock; 0: it is not
  std::uint64_t keys_left_to_background = 0;  // to be freed there
  std::uint64_t keyspace_hits = 0;
  std::uint64_t keyspace_misses = 0;
  std::uint64_t error_replies = 0;
  std::array<std::uint64_t, 4> denied{};  // by acl::access_log_entry::reason
  std::uint64_t unexpected_errors = 0;
  std::uint64_t output_limit_disconnections = 0;
  std::uint64_t query_limit_disconnections = 0;

  /// Error replies by code; bounded, see count_error.
  name_map<std::uint64_t> errors;

  rate operations;
  rate input;  // these two without what replication transfers
  rate output;
  rate replication_input;
  rate replication_output;

  /// Counts an error reply by its code ("ERR", "WRONGTYPE"...). A client that makes codes up is
  /// bounded: past 128 different ones, the lot are forgotten.
  void count_error(std::string_view text);

  void reset() { *this = {}; }
};

}  // namespace hawser::engine
