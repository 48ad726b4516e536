#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto table = of(
    group::stream,
    {
        about("xack", "5.0.0", "Ends that entries are pending in a group",
              "O(log N) an ID, N: pending entries")
            .in(acl::stream)
            .with({at(1, rw | updates)})
            .takes("key:key group id..."),
        about("xackdel", "8.2.0", "Ends that entries are pending in a group and deletes them",
              "O(log N) an ID and group, N: pending entries")
            .in(acl::stream)
            .with({at(1, rw | updates | deletes)})
            .takes("key:key group [condition(KEEPREF|DELREF|ACKED)] IDS=ids{numids:integer id...}"),
        about("xadd", "5.0.0", "Adds an entry to the end of a stream, which may be trimmed",
              "O(1), with trimming O(N), N: entries removed")
            .in(acl::stream)
            .tip("nondeterministic_output")
            .with({at(1, rw | updates).because("the stream may be made and trimmed")})
            .takes("key:key [NOMKSTREAM@6.2.0] [condition(KEEPREF|DELREF|ACKED)@8.2.0] "
                   "[trim{strategy(MAXLEN|MINID@6.2.0) [operator(equal!'='|approximately!'~')] "
                   "threshold [LIMIT=count:integer@6.2.0]}] id_or_auto(auto_id!'*'|id) "
                   "field_value{field value}..."),
        about("xautoclaim", "6.2.0",
              "Gives a consumer the entries that have been pending for long, wherever they are",
              "O(N), N: pending entries looked at")
            .in(acl::stream)
            .tip("nondeterministic_output")
            .with({at(1, rw | deletes)})
            .takes("key:key group consumer min-idle-time start [COUNT=count:integer] [JUSTID]"),
        about("xclaim", "5.0.0", "Gives a consumer entries that are pending for another one",
              "O(log N) an ID, N: pending entries")
            .in(acl::stream)
            .tip("nondeterministic_output")
            .with({at(1, rw | updates)})
            .takes("key:key group consumer min-idle-time id... [IDLE=ms:integer] "
                   "[TIME=unix-time-milliseconds:unix-time] [RETRYCOUNT=count:integer] [FORCE] "
                   "[JUSTID] [LASTID=id]"),
        about("xdel", "5.0.0", "Deletes entries of a stream", "O(log N) an ID, N: entries")
            .in(acl::stream)
            .with({at(1, rw | deletes)})
            .takes("key:key id..."),
        about("xdelex", "8.2.0",
              "Deletes entries of a stream and says what becomes of them where they are pending",
              "O(log N) an ID and group, N: entries")
            .in(acl::stream)
            .with({at(1, rw | deletes)})
            .takes("key:key [condition(KEEPREF|DELREF|ACKED)] IDS=ids{numids:integer id...}"),
        about("xgroup", "5.0.0", "Commands about the groups of a stream",
              "Depends on the subcommand"),
        about("xgroup|create", "5.0.0", "Makes a group", "O(1)")
            .in(acl::stream)
            .with({at(2, rw | inserts)})
            .takes("key:key groupname id(id|new_id!'$') [MKSTREAM] "
                   "[ENTRIESREAD=entries_read:integer]"),
        about("xgroup|createconsumer", "6.2.0", "Makes a consumer of a group", "O(1)")
            .in(acl::stream)
            .with({at(2, rw | inserts)})
            .takes("key:key groupname consumername"),
        about("xgroup|delconsumer", "5.0.0", "Removes a consumer with what is pending for it",
              "O(N log N), N: entries pending for it")
            .in(acl::stream)
            .with({at(2, rw | deletes)})
            .takes("key:key groupname consumername"),
        about("xgroup|destroy", "5.0.0", "Removes a group", "O(N), N: its pending entries")
            .in(acl::stream)
            .with({at(2, rw | deletes)})
            .takes("key:key groupname"),
        about("xgroup|help", "5.0.0", "Lists the subcommands", "O(1)").in(acl::stream),
        about("xgroup|setid", "5.0.0", "Says which entry a group was delivered last", "O(1)")
            .in(acl::stream)
            .with({at(2, rw | updates)})
            .takes("key:key groupname id(id|new_id!'$') [ENTRIESREAD=entries_read:integer]"),
        about("xinfo", "5.0.0", "Commands about what is known of streams",
              "Depends on the subcommand"),
        about("xinfo|consumers", "5.0.0", "Describes the consumers of a group",
              "O(N), N: consumers")
            .in(acl::stream)
            .tip("nondeterministic_output")
            .with({at(2, ro | accesses)})
            .takes("key:key groupname"),
        about("xinfo|groups", "5.0.0", "Describes the groups of a stream", "O(N), N: groups")
            .in(acl::stream)
            .with({at(2, ro | accesses)})
            .takes("key:key"),
        about("xinfo|help", "5.0.0", "Lists the subcommands", "O(1)").in(acl::stream),
        about("xinfo|stream", "5.0.0", "Describes a stream",
              "O(N), N: nodes of the stream, with FULL also what is replied")
            .in(acl::stream)
            .with({at(2, ro | accesses)})
            .takes("key:key [FULL=full{[COUNT=count:integer]}]"),
        about("xlen", "5.0.0", "Counts the entries of a stream", "O(1)")
            .in(acl::stream)
            .with({at(1, ro)})
            .takes("key:key"),
        about("xpending", "5.0.0", "Describes the pending entries of a group",
              "O(N), N: pending entries looked at; without a range O(consumers)")
            .in(acl::stream)
            .tip("nondeterministic_output")
            .with({at(1, ro | accesses)})
            .takes("key:key group [filters{[IDLE=min-idle-time:integer@6.2.0] start end "
                   "count:integer [consumer]}]"),
        about("xrange", "5.0.0", "Replies the entries of a range of IDs",
              "O(log N + M), N: entries, M: those replied")
            .in(acl::stream)
            .with({at(1, ro | accesses)})
            .takes("key:key start end [COUNT=count:integer]"),
        about("xread", "5.0.0", "Replies the entries of streams behind an ID, or waits for them",
              "O(log N + M) a stream, N: its entries, M: those replied")
            .in(acl::stream)
            .with({at(1, ro | accesses).half_behind("STREAMS")})
            .takes("[COUNT=count:integer] [BLOCK=milliseconds:integer] STREAMS=streams{key:key... "
                   "id...}"),
        about("xreadgroup", "5.0.0",
              "Delivers new entries of streams to a consumer, or replies what is pending for it",
              "O(log N + M) a stream, N: its entries, M: those replied; with CLAIM O(pending)")
            .in(acl::stream)
            .with({at(4, ro | accesses).half_behind("STREAMS")})
            .takes("GROUP=group_consumer{group consumer} [COUNT=count:integer] "
                   "[BLOCK=milliseconds:integer] [CLAIM=min-idle-time:integer@8.4.0] [NOACK] "
                   "STREAMS=streams{key:key... id...}"),
        about("xrevrange", "5.0.0", "Replies the entries of a range of IDs, the last one first",
              "O(log N + M), N: entries, M: those replied")
            .in(acl::stream)
            .with({at(1, ro | accesses)})
            .takes("key:key end start [COUNT=count:integer]"),
        about("xsetid", "5.0.0", "Sets the last ID of a stream", "O(1)")
            .in(acl::stream)
            .with({at(1, rw | updates)})
            .takes("key:key last-id [ENTRIESADDED=entries_added:integer@7.0.0] "
                   "[MAXDELETEDID=max_deleted_entry_id@7.0.0]"),
        about("xtrim", "5.0.0", "Removes entries from the beginning of a stream",
              "O(N), N: entries removed")
            .in(acl::stream)
            .tip("nondeterministic_output")
            .with({at(1, rw | deletes)})
            .takes("key:key trim{strategy(MAXLEN|MINID@6.2.0) "
                   "[operator(equal!'='|approximately!'~')] threshold "
                   "[LIMIT=count:integer@6.2.0]} [condition(KEEPREF|DELREF|ACKED)@8.2.0]"),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows stream_metadata() { return table; }

}  // namespace hawser::commands
