# A code block of DOCUMENT is what lies between the [MARK] marks of EXAMPLE, less its indent.
file(READ ${DOCUMENT} document)
file(READ ${EXAMPLE} example)
string(REGEX REPLACE ".*// \\[${MARK}\\]\n(.*)  // \\[${MARK}\\].*" "\\1" quoted "${example}")
string(REPLACE "\n  " "\n" quoted "\n${quoted}")
string(FIND "${document}" "```cpp${quoted}```" place)
if(place EQUAL -1)
  message(FATAL_ERROR "${DOCUMENT} does not show this code:\n${quoted}")
endif()
