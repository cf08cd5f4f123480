# The code block of README.md is what lies between the [guide] marks of examples/guide.cpp, less its indent.
file(READ ${README} readme)
file(READ ${GUIDE} guide)
string(REGEX REPLACE ".*// \\[guide\\]\n(.*)  // \\[guide\\].*" "\\1" quoted "${guide}")
string(REPLACE "\n  " "\n" quoted "\n${quoted}")
string(FIND "${readme}" "${quoted}" place)
if(place EQUAL -1)
  message(FATAL_ERROR "README.md does not show this code:\n${quoted}")
endif()
