# The engine module, and the program that opens it. The program never links torch: on Debian 13 that crashes Mesa.

add_library(spritekiln_engine MODULE engine/session/module.cpp)
target_link_libraries(spritekiln_engine PRIVATE spritekiln_options engine_session)
use_torch(spritekiln_engine)
set_target_properties(spritekiln_engine PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR} LINKER_LANGUAGE CXX)

if(SPRITEKILN_APP)
  include(App)
endif()

find_package(CLI11 REQUIRED)
module(app/cli DEPENDS engine/api LIBRARIES PRIVATE CLI11::CLI11 nlohmann_json::nlohmann_json)
add_executable(spritekiln app/main.cpp)
target_link_libraries(spritekiln PRIVATE spritekiln_options app_cli CLI11::CLI11)
target_compile_definitions(spritekiln PRIVATE SPRITEKILN_VERSION="${PROJECT_VERSION}")
set_target_properties(spritekiln PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
add_dependencies(spritekiln spritekiln_engine)
if(SPRITEKILN_APP)
  target_link_libraries(spritekiln PRIVATE app_shell)
  target_compile_definitions(spritekiln PRIVATE SPRITEKILN_APP)
endif()

include(GNUInstallDirs)
install(TARGETS spritekiln RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS spritekiln_engine LIBRARY DESTINATION lib/spritekiln)
install(DIRECTORY resources/datasets DESTINATION share/spritekiln/resources)
install(DIRECTORY models DESTINATION share/spritekiln FILES_MATCHING PATTERN "*.safetensors" PATTERN "*.md")
