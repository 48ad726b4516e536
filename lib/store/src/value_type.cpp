#include <store/value_type.hpp>

namespace hawser::store {

std::string_view name_of(value_type type) {
  switch (type) {
    case value_type::string:
      return "string";
    case value_type::list:
      return "list";
    case value_type::set:
      return "set";
    case value_type::sorted_set:
      return "zset";
    case value_type::hash:
      return "hash";
    case value_type::stream:
      return "stream";
  }
  return "unknown";
}

std::string_view name_of(encoding how) {
  switch (how) {
    case encoding::raw:
      return "raw";
    case encoding::integer:
      return "int";
    case encoding::embstr:
      return "embstr";
    case encoding::listpack:
      return "listpack";
    case encoding::quicklist:
      return "quicklist";
    case encoding::intset:
      return "intset";
    case encoding::hashtable:
      return "hashtable";
    case encoding::skiplist:
      return "skiplist";
    case encoding::stream:
      return "stream";
  }
  return "unknown";
}

}  // namespace hawser::store
