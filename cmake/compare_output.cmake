# cmake -D generator=<program> -D committed=<file> -P compare_output.cmake
#
# Fails unless the program prints exactly what the file holds.
execute_process(COMMAND ${generator} OUTPUT_VARIABLE printed RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${generator} failed: ${result}")
endif()
file(READ ${committed} held)
if(NOT printed STREQUAL held)
  message(FATAL_ERROR "${committed} is out of date: write the output of ${generator} to it")
endif()
