#include "families.hpp"

namespace hawser::test::families {
namespace {

const std::vector<command_rule> set_rules{
    {40, "SADD <key> <member>+"},
    {2, "SADD (k0|k1) <text>+"},
    {12, "SREM <key> <member>+"},
    {6, "SMOVE <key> <key> <member>"},
    {6, "SISMEMBER <key> <member>"},
    {4, "SMISMEMBER <key> <member>+"},
    {5, "SCARD <key>"},
    {3, "SMEMBERS <key>", compare_mode::unordered},
    {4, "SINTER <key>+", compare_mode::unordered},
    {4, "SUNION <key>+", compare_mode::unordered},
    {4, "SDIFF <key>+", compare_mode::unordered},
    {3, "SINTERSTORE (k0|k1|k2) <key>+"},
    {2, "SUNIONSTORE (k0|k1|k2) <key>+"},
    {2, "SDIFFSTORE (k0|k1|k2) <key>+"},
    {4, "SINTERCARD (1|2|3) <key>+ [LIMIT <offset>]"},
    {3, "SSCAN <key> 0 COUNT 100000 [MATCH <pattern>|MATCH 1*]", compare_mode::unordered},
    {2, "SRANDMEMBER <key> [<index>]", compare_mode::shape},
    {2, "OBJECT REFCOUNT <key>"},
    {1, "RENAME (k0|k1|k2) (k0|k1|k3)"},
    {1, "COPY <key> (k0|k1|k2) REPLACE"},
    {1, "DEBUG DIGEST-VALUE <key>+"},
    {1, "EXPIRE <key> <seconds>"},
    {1, "SET k0 <text>"},
    {1, "DEL (k0|k1)"},
};

command_family made_of(std::string_view name, bool compact) {
  command_family made{name, 1, set_rules, false, compact};
  made.rules.push_back(
      {2, "OBJECT ENCODING <key>", compact ? compare_mode::shape : compare_mode::bytes});
  return made;
}

}  // namespace

const command_family sets = made_of("sets", false);
const command_family compact_sets = made_of("compact_sets", true);

}  // namespace hawser::test::families
