#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto table = of(
    group::bitmap,
    {
        about("bitcount", "2.6.0", "Counts the set bits of a string or of a part of it",
              "O(N), N: bytes looked at")
            .in(acl::bitmap)
            .with({at(1, ro | accesses)})
            .takes("key:key [index{start:integer end:integer [index_unit(BYTE|BIT)@7.0.0]}]"),
        about("bitfield", "3.2.0", "Reads and changes integers of any width at any bit of a string",
              "O(1) for each operation")
            .in(acl::bitmap)
            .with({at(1, rw | accesses | updates | variable_flags)
                       .because("what it does depends on the operations given")
                       .by_operations()})
            .takes("key:key "
                   "[operation(GET=encoding_offset{encoding offset:integer}|"
                   "write{[OVERFLOW=wrap_sat_fail(WRAP|SAT|FAIL)] "
                   "write_operation(SET=encoding_offset_value{encoding offset:integer "
                   "value:integer}|INCRBY=encoding_offset_increment{encoding offset:integer "
                   "increment:integer})})...]"),
        about("bitfield_ro", "6.0.0", "Reads integers of any width at any bit of a string",
              "O(1) for each operation")
            .in(acl::bitmap)
            .with({at(1, ro | accesses)})
            .takes("key:key [GET=encoding_offset{encoding offset:integer}...*]"),
        about("bitop", "2.6.0", "Combines strings bit by bit and stores the result",
              "O(N), N: bytes of all strings")
            .in(acl::bitmap)
            .with({at(2, ow | updates), at(3, ro | accesses).until(-1, 1)})
            .takes("operation(AND|OR|XOR|NOT|DIFF@8.2.0|DIFF1@8.2.0|ANDOR@8.2.0|ONE@8.2.0) "
                   "destkey:key key:key#1..."),
        about("bitpos", "2.8.7", "Finds the first bit of a string that is set, or that is not",
              "O(N), N: bytes looked at")
            .in(acl::bitmap)
            .with({at(1, ro | accesses)})
            .takes("key:key bit:integer [index{start:integer [end_index{end:integer "
                   "[index_unit(BYTE|BIT)@7.0.0]}]}]"),
        about("getbit", "2.2.0", "Replies a bit of a string", "O(1)")
            .in(acl::bitmap)
            .with({at(1, ro | accesses)})
            .takes("key:key offset:integer"),
        about("setbit", "2.2.0", "Sets or clears a bit of a string, which grows as needed", "O(1)")
            .in(acl::bitmap)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key offset:integer value:integer"),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows bitmap_metadata() { return table; }

}  // namespace hawser::commands
