# Compiler settings and the libraries that Spritekiln is built from.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(SPRITEKILN_CCACHE ccache)
if(SPRITEKILN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SPRITEKILN_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${SPRITEKILN_CCACHE})
endif()

add_library(spritekiln_options INTERFACE)
target_include_directories(spritekiln_options INTERFACE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR}/generated)
# Messages and asserts name their file from the repository's root: nobody else's folders mean anything to whoever reads them.
target_compile_options(spritekiln_options INTERFACE -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=)
# Bounds are judged after inlining: g++ 14 sees overruns in the standard library's vector<bool> under torch that are not there, and
# g++ 12 overlaps in "a" + std::string (its bug 105651).
target_compile_options(spritekiln_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wshadow>
                       $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict>
                       $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${SPRITEKILN_WERROR}>>:-Werror;-Wno-error=array-bounds -Wno-error=stringop-overflow>)
if(SPRITEKILN_SANITIZE)
  add_compile_options(-fsanitize=${SPRITEKILN_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SPRITEKILN_SANITIZE})
endif()

if(SPRITEKILN_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

find_package(Threads REQUIRED)
find_package(Torch REQUIRED)
# A PyTorch wheel may be built with the old string ABI; then the whole program must be.
string(REGEX MATCHALL "-D_GLIBCXX_USE_CXX11_ABI=[01]" torch_abi "${TORCH_CXX_FLAGS}")
add_compile_options(${torch_abi})

add_library(spritekiln_torch INTERFACE)
target_include_directories(spritekiln_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(spritekiln_torch INTERFACE ${TORCH_LIBRARIES})
# A CUDA LibTorch; its own CMake files ask for the CUDA toolkit, nvcc among it.
if(TARGET torch_cuda)
  message(STATUS "Spritekiln: with CUDA")
  target_compile_definitions(spritekiln_torch INTERFACE SPRITEKILN_CUDA=1)
endif()

find_package(spdlog REQUIRED)
find_package(nlohmann_json 3 REQUIRED)
find_package(GIF REQUIRED)
add_library(giflib INTERFACE)
target_link_libraries(giflib INTERFACE GIF::GIF)
find_package(ZLIB REQUIRED)
find_package(PNG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp libwebpdemux)
add_library(webp INTERFACE)
target_link_libraries(webp INTERFACE PkgConfig::WEBP)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
