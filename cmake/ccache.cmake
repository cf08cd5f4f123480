# Compiles through ccache where it is installed and no other launcher was asked for, so that what was compiled once is compiled in no
# other clone again: paths in the project count as relative ones, and precompiled headers by what they hold.
find_program(CENSUS_CCACHE ccache DOC "ccache, for what was compiled before")
foreach(language CXX CUDA)
  if(CENSUS_CCACHE AND NOT DEFINED CMAKE_${language}_COMPILER_LAUNCHER AND NOT DEFINED ENV{CMAKE_${language}_COMPILER_LAUNCHER})
    set(CMAKE_${language}_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CENSUS_CCACHE})
  endif()
endforeach()
