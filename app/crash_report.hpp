#pragma once

#include <string>

// Reports of crashes, failed assertions and exceptions nobody caught, in the log with a stack
// trace. The process then ends as it would have without a report.
namespace hawser::app {

/// What a report says and cleans up.
struct crash_facts {
  std::string log_path;  // empty: standard output
  std::string pid_file;  // removed after a crash; may be empty
  std::string text;      // about the server and its settings, shown as it is
  bool exit_on_panic = false;
};

/// Sets what later reports say. Texts beyond a few kilobytes are cut off. Not while a crash may
/// happen in another thread.
void describe_crashes(const crash_facts& facts);

/// Turns reports on or off.
void report_crashes(bool on);

}  // namespace hawser::app
