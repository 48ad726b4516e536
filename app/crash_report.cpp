#include "crash_report.hpp"

#include "crash_writer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <execinfo.h>
#include <typeinfo>
#include <ucontext.h>
#include <unistd.h>
#include <utility>

namespace hawser::app {

namespace {

constexpr std::array<int, 5> crashes{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

/// What a handler needs. A signal handler gets nothing handed in, so this cannot belong to an
/// object; it is fixed memory because nothing may be allocated while crashing.
struct {
  std::array<char, 4096> log_path;
  std::array<char, 4096> pid_file;
  std::array<char, 16384> text;
  bool exit_on_panic = false;
  bool on = false;
  std::atomic_flag begun = ATOMIC_FLAG_INIT;
  alignas(64) std::array<char, std::size_t{64} * 1024> stack;  // a thread's own may have overflowed
} state;

template <std::size_t Size>
void keep(std::array<char, Size>& to, const std::string& text) {
  const auto size = std::min(text.size(), Size - 1);
  std::memcpy(to.data(), text.data(), size);
  to[size] = '\0';
}

/// One thread reports; others that crash meanwhile wait for the end.
void begin() {
  while (state.begun.test_and_set()) ::pause();
}

void write_registers(const crash_writer& to, const ucontext_t& context) {
#ifdef __x86_64__
  constexpr std::array<std::pair<std::string_view, int>, 17> names{{{"RAX", REG_RAX},
                                                                    {"RBX", REG_RBX},
                                                                    {"RCX", REG_RCX},
                                                                    {"RDX", REG_RDX},
                                                                    {"RDI", REG_RDI},
                                                                    {"RSI", REG_RSI},
                                                                    {"RBP", REG_RBP},
                                                                    {"RSP", REG_RSP},
                                                                    {"R8 ", REG_R8},
                                                                    {"R9 ", REG_R9},
                                                                    {"R10", REG_R10},
                                                                    {"R11", REG_R11},
                                                                    {"R12", REG_R12},
                                                                    {"R13", REG_R13},
                                                                    {"R14", REG_R14},
                                                                    {"R15", REG_R15},
                                                                    {"RIP", REG_RIP}}};
  to.write("\n------ REGISTERS ------\n");
  for (const auto& [name, index] : names) {
    crash_text text;
    text << name << ":";
    text.hex(static_cast<std::uint64_t>(context.uc_mcontext.gregs[index])) << "\n";
    to.write(text);
  }
#else
  (void)to;
  (void)context;
#endif
}

void write_settings(const crash_writer& to) {
  to.write("\n------ SERVER AND SETTINGS ------\n");
  to.write(state.text.data());
  to.write("\n=== HAWSER CRASH REPORT END ===\n");
}

void remove_pid_file() {
  if (state.pid_file[0] != '\0') ::unlink(state.pid_file.data());
}

void on_crash(int signal, siginfo_t* info, void* context) {
  begin();
  {
    const crash_writer to(state.log_path.data());
    to.write("\n\n=== HAWSER CRASH REPORT ===\n");
    crash_text what;
    what << "Hawser crashed by signal: " << signal << ", si_code: " << info->si_code;
    to.line(what);
    if (signal != SIGABRT) {
      crash_text where;
      where << "Accessing address: 0x";
      to.line(where.hex(reinterpret_cast<std::uintptr_t>(info->si_addr)));
    }
    to.stack_trace();
    write_registers(to, *static_cast<const ucontext_t*>(context));
    write_settings(to);
  }
  remove_pid_file();
  // Again, and without a handler, so that the exit status and a core tell of it.
  std::signal(signal, SIG_DFL);
  sigset_t same;
  ::sigemptyset(&same);
  ::sigaddset(&same, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &same, nullptr);
  ::raise(signal);
}

/// For what the program itself finds wrong: `title` and `what` in the log, and the end.
[[noreturn]] void panic(std::string_view title, const crash_text& what) {
  begin();
  {
    const crash_writer to(state.log_path.data());
    to.write("\n\n=== ");
    to.write(title);
    to.write(" ===\n");
    to.line(what);
    if (state.on) {
      to.stack_trace();
      write_settings(to);
    }
  }
  remove_pid_file();
  if (state.exit_on_panic) ::_exit(1);
  std::signal(SIGABRT, SIG_DFL);
  std::abort();
}

[[noreturn]] void on_terminate() {
  crash_text what;
  what << "==> ";
  try {
    if (const auto thrown = std::current_exception()) std::rethrow_exception(thrown);
    what << "std::terminate was called";
  } catch (const std::exception& error) {
    what << typeid(error).name() << ": " << error.what();
  } catch (...) {
    what << "an exception of unknown type";
  }
  panic("TERMINATED BY AN EXCEPTION", what);
}

}  // namespace

void describe_crashes(const crash_facts& facts) {
  keep(state.log_path, facts.log_path);
  keep(state.pid_file, facts.pid_file);
  keep(state.text, facts.text);
  state.exit_on_panic = facts.exit_on_panic;
  std::set_terminate(on_terminate);
}

void report_crashes(bool on) {
  state.on = on;
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  if (on) {
    // The first use loads a library, which a handler must not do.
    std::array<void*, 1> frame;
    ::backtrace(frame.data(), 1);
    stack_t own{};
    own.ss_sp = state.stack.data();
    own.ss_size = state.stack.size();
    ::sigaltstack(&own, nullptr);
    action.sa_sigaction = on_crash;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  }
  for (const int signal : crashes) ::sigaction(signal, &action, nullptr);
}

}  // namespace hawser::app

/// Takes the place of the C library's, which writes to standard error: a failed assert() goes to
/// the log.
extern "C" [[noreturn]] void __assert_fail(const char* expression, const char* file,
                                           unsigned int line, const char* function) noexcept {
  hawser::app::crash_text what;
  what << "==> " << file << ":" << std::int64_t{line} << " '" << expression << "' is not true, in "
       << function;
  hawser::app::panic("ASSERTION FAILED", what);
}
