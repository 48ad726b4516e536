#pragma once

#include "config/tables/rows.hpp"

// The words of directives that take one of a few. Their order is the order of error messages.
namespace hawser::engine::rows {

inline constexpr choice_word access_words[] = {
    word("no", access::no),
    word("yes", access::yes),
    word("local", access::local),
};
inline constexpr choice_word log_levels[] = {
    word("debug", log_level::debug),
    word("verbose", log_level::verbose),
    word("notice", log_level::notice),
    word("warning", log_level::warning),
};
inline constexpr choice_word supervisions[] = {
    word("upstart", supervision::upstart),
    word("systemd", supervision::systemd),
    word("auto", supervision::automatic),
    word("no", supervision::none),
};
inline constexpr choice_word syslog_facilities[] = {
    word("user", syslog_facility::user),     word("local0", syslog_facility::local0),
    word("local1", syslog_facility::local1), word("local2", syslog_facility::local2),
    word("local3", syslog_facility::local3), word("local4", syslog_facility::local4),
    word("local5", syslog_facility::local5), word("local6", syslog_facility::local6),
    word("local7", syslog_facility::local7),
};
inline constexpr choice_word oom_adjustments[] = {
    word("no", oom_adjustment::no),
    word("yes", oom_adjustment::relative),
    word("relative", oom_adjustment::relative),
    word("absolute", oom_adjustment::absolute),
};
inline constexpr choice_word shutdown_words[] = {
    word("default", 0),
    word("save", shutdown_flag::save),
    word("nosave", shutdown_flag::nosave),
    word("now", shutdown_flag::now),
    word("force", shutdown_flag::force),
};
inline constexpr choice_word tls_client_auths[] = {
    word("no", tls_client_auth::no),
    word("yes", tls_client_auth::yes),
    word("optional", tls_client_auth::optional),
};
inline constexpr choice_word eviction_policies[] = {
    word("volatile-lru", eviction_policy::volatile_lru),
    word("volatile-lfu", eviction_policy::volatile_lfu),
    word("volatile-random", eviction_policy::volatile_random),
    word("volatile-ttl", eviction_policy::volatile_ttl),
    word("allkeys-lru", eviction_policy::allkeys_lru),
    word("allkeys-lfu", eviction_policy::allkeys_lfu),
    word("allkeys-random", eviction_policy::allkeys_random),
    word("noeviction", eviction_policy::noeviction),
    word("volatile-lrm", eviction_policy::volatile_lrm),
    word("allkeys-lrm", eviction_policy::allkeys_lrm),
};
inline constexpr choice_word pubsub_defaults[] = {
    word("allchannels", pubsub_default::allchannels),
    word("resetchannels", pubsub_default::resetchannels),
};
inline constexpr choice_word dump_check_words[] = {
    word("no", dump_checks::no),
    word("yes", dump_checks::yes),
    word("clients", dump_checks::clients),
};
inline constexpr choice_word fsync_policies[] = {
    word("everysec", fsync_policy::everysec),
    word("always", fsync_policy::always),
    word("no", fsync_policy::no),
};
inline constexpr choice_word diskless_loads[] = {
    word("disabled", diskless_load::disabled),
    word("on-empty-db", diskless_load::on_empty_db),
    word("swapdb", diskless_load::swapdb),
};
inline constexpr choice_word propagation_errors[] = {
    word("ignore", propagation_error::ignore),
    word("panic", propagation_error::panic),
    word("panic-on-replicas", propagation_error::panic_on_replicas),
};
inline constexpr choice_word endpoint_types[] = {
    word("ip", endpoint_type::ip),
    word("hostname", endpoint_type::hostname),
    word("unknown-endpoint", endpoint_type::unknown_endpoint),
};

}  // namespace hawser::engine::rows
