#pragma once

#include "config/tables/words.hpp"

namespace hawser::engine::rows {

inline constexpr directive persistence[] = {
    special("save", customs::save, many_words,
            "When to save a snapshot: seconds and changes, in pairs; \"\" for never."),
    flag("stop-writes-on-bgsave-error", &settings::stop_writes_on_bgsave_error, true, none,
         "Refuse writes when the last snapshot failed."),
    flag("rdbcompression", &settings::rdbcompression, true, none, "Compress strings in snapshots."),
    flag("rdbchecksum", &settings::rdbchecksum, true, immutable,
         "End snapshots with a checksum, and verify it."),
    count("rdb-version", &settings::rdb_version, 10, {10, 12}, since_7_2,
          "Version of the format that snapshots and DUMP have: 10 is read by Redis 7.0 and all "
          "later ones, 11 by 7.2, 12 by 7.4."),
    flag("rdb-del-sync-files", &settings::rdb_del_sync_files, false, none,
         "Delete snapshots made for replication when nothing else needs them."),
    flag("rdb-save-incremental-fsync", &settings::rdb_save_incremental_fsync, true, none,
         "Flush a snapshot to disk while it is written."),
    one_of<&settings::sanitize_dump_payload>("sanitize-dump-payload", dump_check_words,
                                             dump_checks::no, crash_report,
                                             "Validate what RESTORE and snapshots bring."),
    words("dbfilename", &settings::dbfilename, "dump.rdb", guarded, "File name of the snapshot.",
          checks::dbfilename),
    count("rdb-key-save-delay", &settings::rdb_key_save_delay, 0, {int_min, int_max}, hidden,
          "Microseconds to wait after each key saved, but for values below 0; for tests."),
    count("key-load-delay", &settings::key_load_delay, 0, {int_min, int_max}, hidden,
          "Microseconds to wait after each key loaded; for tests."),
    count("loading-process-events-interval-bytes", &settings::loading_process_events_interval_bytes,
          2 * mib, {1024, int_max}, hidden, "Bytes loaded between looks at clients."),
    flag("appendonly", &settings::appendonly, false, not_while_loading | effect,
         "Log every write to the append-only file."),
    words("appendfilename", &settings::appendfilename, "appendonly.aof", immutable,
          "Base name of the append-only files.", checks::appendfilename),
    words("appenddirname", &settings::appenddirname, "appendonlydir", immutable,
          "Directory of the append-only files.", checks::appenddirname),
    one_of<&settings::appendfsync>("appendfsync", fsync_policies, fsync_policy::everysec, none,
                                   "When the append-only file is flushed to disk."),
    flag("no-appendfsync-on-rewrite", &settings::no_appendfsync_on_rewrite, false, none,
         "Do not flush while a snapshot or rewrite is being written."),
    count("auto-aof-rewrite-percentage", &settings::auto_aof_rewrite_percentage, 100, natural, none,
          "Growth at which the append-only file is rewritten; 0 for never."),
    bytes("auto-aof-rewrite-min-size", &settings::auto_aof_rewrite_min_size, 64 * mib, natural_long,
          none, "Size below which it is not."),
    flag("aof-load-truncated", &settings::aof_load_truncated, true, none,
         "Start even when the append-only file ends in the middle of a command."),
    flag("aof-use-rdb-preamble", &settings::aof_use_rdb_preamble, true, none,
         "Begin rewritten append-only files with a snapshot."),
    flag("aof-timestamp-enabled", &settings::aof_timestamp_enabled, false, none,
         "Write times into the append-only file."),
    flag("aof-rewrite-incremental-fsync", &settings::aof_rewrite_incremental_fsync, true, none,
         "Flush the append-only file to disk while it is rewritten."),
    flag("aof-disable-auto-gc", &settings::aof_disable_auto_gc, false, effect,
         "Keep append-only files that are no longer needed."),
};

}  // namespace hawser::engine::rows
