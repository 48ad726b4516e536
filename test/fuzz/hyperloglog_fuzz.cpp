// Runs of registers as clients may store them, and registers raised in them. Nothing may be read
// outside of the string (that is for the sanitizers); what is taken for sound must hold the same
// registers in both layouts and after each change; what is not must stay as it was.

#include <store/hyperloglog.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

namespace hll = hawser::store::hyperloglog;

using ranks = std::array<std::uint8_t, hll::register_count>;

void require(bool fact) {
  if (!fact) std::abort();
}

// A block of exactly this size, so that reading past its end is seen.
bool decoded(const std::string& bytes, ranks& to) {
  const std::string exact(bytes.data(), bytes.size());
  hll::registers all;
  if (!all.merge(exact)) return false;
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = all[i];
  return true;
}

void raise(std::string& bytes, hll::sparse_writer& writer, hll::hit hit) {
  ranks before, after;
  const bool sound = decoded(bytes, before);
  const std::string old = bytes;
  const auto what = writer.raise(hit);
  require(hll::recognized(bytes));
  if (!sound) {
    if (what != hll::change::made) require(bytes == old);
    return;
  }
  require(what == (before[hit.index] < hit.rank ? hll::change::made : hll::change::none));
  before[hit.index] = std::max(before[hit.index], hit.rank);
  require(decoded(bytes, after));
  require(before == after);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const std::size_t raised = data[0] % 32;
  const std::size_t most = data[1] | std::size_t{data[2]} << 8;
  std::string_view rest(reinterpret_cast<const char*>(data) + 3, size - 3);
  std::string_view hits = rest.substr(0, std::min(rest.size(), raised * 3));
  rest.remove_prefix(hits.size());

  std::string bytes = hll::empty().substr(0, hll::header_size) + std::string(rest);
  require(hll::recognized(bytes));
  hll::describe_sparse(bytes);
  hll::sparse_writer writer(bytes, most);
  for (; hits.size() >= 3; hits.remove_prefix(3)) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(hits[i]); };
    const auto index = static_cast<std::uint16_t>((byte(0) | byte(1) << 8) % hll::register_count);
    raise(bytes, writer, {index, static_cast<std::uint8_t>(1 + byte(2) % 51)});
  }

  ranks sparse, dense;
  const bool sound = decoded(bytes, sparse);
  if (hll::is_dense(bytes)) return 0;
  const std::string before = bytes;
  require(hll::make_dense(bytes) == sound);
  if (!sound) {
    require(bytes == before);
    return 0;
  }
  require(hll::recognized(bytes) && decoded(bytes, dense) && sparse == dense);
  return 0;
}
