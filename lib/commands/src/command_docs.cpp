#include "command_info.hpp"
#include <commands/command_grammar.hpp>
#include <commands/command_metadata.hpp>

namespace hawser::commands {

namespace {

using resp::reply_writer;

void reply_arguments(reply_writer& reply, const std::vector<argument>& arguments);

/// A map of the fields that have something to say.
class fields {
 public:
  explicit fields(reply_writer& reply) : reply_(reply) {}

  void count(bool present) { present_ += present; }
  void begin() { reply_.map(present_); }
  void text(std::string_view name, std::string_view value) {
    if (!value.empty()) reply_.bulk(name).bulk(value);
  }

 private:
  reply_writer& reply_;
  std::size_t present_ = 0;
};

void reply_argument_flags(reply_writer& reply, const argument& of) {
  const auto count = std::size_t{of.optional} + of.multiple + of.multiple_token;
  if (count == 0) return;
  reply.bulk("flags").set(count);
  if (of.optional) reply.simple("optional");
  if (of.multiple) reply.simple("multiple");
  if (of.multiple_token) reply.simple("multiple_token");
}

void reply_argument(reply_writer& reply, const argument& of) {
  const bool has_keys = of.key_spec >= 0;
  const bool worded = of.type == argument_type::pure_token || !of.token.empty();
  fields map(reply);
  for (const bool present :
       {true, true, has_keys, worded, !of.since.empty(), !of.deprecated_since.empty(),
        of.optional || of.multiple || of.multiple_token, !of.parts.empty()})
    map.count(present);
  map.begin();
  map.text("name", of.name);
  map.text("type", name_of(of.type));
  if (has_keys) reply.bulk("key_spec_index").integer(of.key_spec);
  if (worded) reply.bulk("token").bulk(of.token);
  map.text("since", of.since);
  map.text("deprecated_since", of.deprecated_since);
  reply_argument_flags(reply, of);
  if (!of.parts.empty()) reply_arguments(reply, of.parts);
}

void reply_arguments(reply_writer& reply, const std::vector<argument>& arguments) {
  reply.bulk("arguments").array(arguments.size());
  for (const auto& each : arguments) reply_argument(reply, each);
}

void reply_doc_flags(reply_writer& reply, const command_metadata& of) {
  const bool deprecated = !of.deprecated_since.empty();
  if (!deprecated && !of.system_command) return;
  reply.bulk("doc_flags").set(std::size_t{deprecated} + of.system_command);
  if (deprecated) reply.simple("deprecated");
  if (of.system_command) reply.simple("syscmd");
}

}  // namespace

void reply_command_docs(reply_writer& reply, const engine::command& of) {
  static constexpr command_metadata unknown;
  const auto* known = find_metadata(of.full_name);
  const auto& more = known == nullptr ? unknown : *known;
  reply.bulk(of.full_name);
  fields map(reply);
  for (const auto text : {more.summary, more.since, name_of(more.group), more.complexity,
                          more.deprecated_since, more.replaced_by, more.arguments})
    map.count(!text.empty());
  map.count(!more.deprecated_since.empty() || more.system_command);
  map.count(of.is_container());
  map.begin();
  map.text("summary", more.summary);
  map.text("since", more.since);
  map.text("group", name_of(more.group));
  map.text("complexity", more.complexity);
  reply_doc_flags(reply, more);
  map.text("deprecated_since", more.deprecated_since);
  map.text("replaced_by", more.replaced_by);
  if (!more.arguments.empty()) reply_arguments(reply, parse_grammar(more.arguments));
  if (!of.is_container()) return;
  reply.bulk("subcommands").map(of.subcommands.size());
  for (const auto& each : of.subcommands) reply_command_docs(reply, *each);
}

}  // namespace hawser::commands
