#include <base/bytes.hpp>
#include <engine/acl_categories.hpp>

namespace hawser::engine {

std::span<const std::string_view> acl_category_names() {
  static constexpr std::string_view names[] = {
      "keyspace", "read",   "write",       "set",       "sortedset",  "list",        "hash",
      "string",   "bitmap", "hyperloglog", "geo",       "stream",     "pubsub",      "admin",
      "fast",     "slow",   "blocking",    "dangerous", "connection", "transaction", "scripting"};
  static_assert(acl::scripting == 1U << (std::size(names) - 1));
  return names;
}

std::optional<acl_categories> find_acl_category(std::string_view name) {
  const auto names = acl_category_names();
  for (std::size_t bit = 0; bit < names.size(); ++bit)
    if (base::iequals(names[bit], name)) return acl_categories{1} << bit;
  return std::nullopt;
}

acl_categories all_categories(command_flags flags, acl_categories besides) {
  using namespace flags;
  acl_categories all = besides;
  if (flags.has(write)) all |= acl::write;
  if (flags.has(readonly) && !(besides & acl::scripting)) all |= acl::read;
  if (flags.has(admin)) all |= acl::admin | acl::dangerous;
  if (flags.has(pubsub)) all |= acl::pubsub;
  if (flags.has(blocking)) all |= acl::blocking;
  return all | (flags.has(fast) ? acl::fast : acl::slow);
}

}  // namespace hawser::engine
