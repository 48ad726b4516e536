# Compiler settings shared by every target, and the functions that make one.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache asks for to hold what is compiled with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()

add_library(hawser_options INTERFACE)
target_compile_options(hawser_options INTERFACE -Wall -Wextra -Wpedantic)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # See overlaps and bounds in std::string that are none (GCC bug 105651), and with precompiled
  # headers they see them in the library's own headers too. Clang's and the sanitizers' builds look.
  target_compile_options(hawser_options INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow)
endif()
if(CCACHE_PROGRAM AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(hawser_options INTERFACE -fpch-preprocess)
endif()
if(HAWSER_WERROR)
  target_compile_options(hawser_options INTERFACE -Werror)
endif()
if(HAWSER_SANITIZE)
  target_compile_options(hawser_options INTERFACE -fsanitize=${HAWSER_SANITIZE} -fno-omit-frame-pointer
                                                  -fno-sanitize-recover=all)
  target_link_options(hawser_options INTERFACE -fsanitize=${HAWSER_SANITIZE})
endif()

if(HAWSER_FUZZERS)
  target_compile_options(hawser_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  target_link_options(hawser_options INTERFACE -fuse-ld=mold)
endif()

# hawser_library(engine SOURCES src/a.cpp ... DEPENDS resp store [LINKS fmt::fmt ...])
#
# Makes hawser_engine from lib/engine. Only include/ of the libraries it depends on is on the include
# path, so an include against the direction of the layers is "file not found". Every public header is
# compiled by itself by the target all_verify_interface_header_sets.
function(hawser_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LINKS" ${ARGN})
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/include/*.hpp)
  add_library(hawser_${name} STATIC ${arg_SOURCES})
  target_sources(hawser_${name} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${headers})
  set_target_properties(hawser_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON LINKER_LANGUAGE CXX)
  target_include_directories(hawser_${name} PRIVATE src)
  target_link_libraries(hawser_${name} PRIVATE hawser_options)
  foreach(dependency IN LISTS arg_DEPENDS)
    target_link_libraries(hawser_${name} PUBLIC hawser_${dependency})
  endforeach()
  if(arg_LINKS)
    target_link_libraries(hawser_${name} PUBLIC ${arg_LINKS})
  endif()
endfunction()
