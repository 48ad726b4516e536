#pragma once

#include "grammar.hpp"

/// The families of random commands, each in the file of its name.
namespace hawser::test::families {

// Times to live are taken a moment apart on both servers.
inline constexpr int seconds_apart = 5;
inline constexpr int milliseconds_apart = 5'000;

extern const command_family bitmaps;
extern const command_family compact_sets;
extern const command_family connection;
extern const command_family eviction;
extern const command_family geo;
extern const command_family hashes;
extern const command_family hyperloglog;
extern const command_family keys;
extern const command_family lists;
extern const command_family pubsub;
extern const command_family scripting;
extern const command_family server;
extern const command_family sets;
extern const command_family sort;
extern const command_family sorted_sets;
extern const command_family streams;
extern const command_family strings;
extern const command_family tracking;
extern const command_family transactions;

}  // namespace hawser::test::families
