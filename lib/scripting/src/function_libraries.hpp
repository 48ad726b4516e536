#pragma once

#include "interpreter.hpp"
#include "script_flags.hpp"
#include <base/bytes.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace hawser::scripting {

class runtime;

/// Names of libraries and functions: letters, digits and underscores.
bool is_function_name(std::string_view name);
inline constexpr const char* bad_function_name =
    "Library names can only contain letters, numbers, or underscores(_) and must be at least one "
    "character long";

/// The order of names of functions, which may be written in any case.
struct any_case_less {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const {
    return std::ranges::lexicographical_compare(a, b, {}, base::to_lower, base::to_lower);
  }
};

/// A function that a library has registered.
struct function {
  std::string name;
  std::string description;
  bool described = false;
  script_flags flags = 0;
  int callback;  // its reference in the registry
};

/// A library: its code and what that has registered when it was loaded.
struct library {
  library(std::shared_ptr<interpreter> of, std::string library_name, std::string text)
      : vm(std::move(of)), name(std::move(library_name)), code(std::move(text)) {}
  library(const library&) = delete;
  library& operator=(const library&) = delete;
  ~library();

  std::shared_ptr<interpreter> vm;
  std::string name;
  std::string code;
  std::map<std::string, function, any_case_less> functions;
};

/// Libraries by name.
using library_set = std::map<std::string, std::unique_ptr<library>, std::less<>>;

/// The libraries of a server.
class function_libraries {
 public:
  explicit function_libraries(runtime& home) : home_(home) {}

  /// Null: there is none.
  const function* find(std::string_view name, const library*& in) const;
  const library_set& all() const { return libraries_; }
  std::size_t function_count() const { return by_name_.size(); }

  enum class when_there : bool { refuse, replace };

  /// Loads code and keeps it; returns the name. Throws command_error; then nothing has changed.
  std::string load(std::string_view code, when_there how);

  /// Loads code without keeping it.
  std::unique_ptr<library> compile(std::string_view code);

  /// Takes libraries over, all or none. Throws command_error.
  void join(library_set more, when_there how);

  /// False: there is none with this name.
  bool remove(std::string_view name);
  /// Forgets all; what is left of them is destroyed where the caller likes.
  library_set clear();

  interpreter& vm();
  std::size_t vm_memory() const { return vm_ ? vm_->memory() : 0; }
  std::size_t memory() const;

  /// The library that is being loaded, for register_function; null: none.
  library* loading() { return loading_; }

 private:
  void run(library& made, std::string_view source);
  void check_collisions(const library& made, const library* replaced) const;
  void keep(std::unique_ptr<library> made);

  runtime& home_;
  std::shared_ptr<interpreter> vm_;  // from the first use on; libraries hold it too
  library_set libraries_;
  std::map<std::string_view, std::pair<const function*, const library*>, any_case_less> by_name_;
  library* loading_ = nullptr;
};

}  // namespace hawser::scripting
