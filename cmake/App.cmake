# The window: GLFW, XCB, Dear ImGui with its GLFW and OpenGL backends, the GL 3.3 core loader, shaders as text, and the app's modules.
find_package(PkgConfig REQUIRED)
find_package(glfw3 3.3 REQUIRED)
pkg_check_modules(XCB REQUIRED IMPORTED_TARGET xcb)
pkg_check_modules(IMGUI REQUIRED IMPORTED_TARGET imgui>=1.86)
# The static library holds the backends, which call these.
set_property(TARGET PkgConfig::IMGUI APPEND PROPERTY INTERFACE_LINK_LIBRARIES glfw)

# glad writes the loader itself; --reproducible keeps it off the network.
find_program(GLAD_PROGRAM glad REQUIRED)
set(glad_folder ${CMAKE_BINARY_DIR}/glad)
add_custom_command(OUTPUT ${glad_folder}/src/gl.c ${glad_folder}/include/glad/gl.h
                   COMMAND ${GLAD_PROGRAM} --quiet --reproducible --api gl:core=3.3 --extensions "" --out-path ${glad_folder} c
                   COMMENT "Generating the OpenGL loader" VERBATIM)
add_library(glad STATIC ${glad_folder}/src/gl.c ${glad_folder}/include/glad/gl.h)
target_include_directories(glad SYSTEM PUBLIC ${glad_folder}/include)
target_link_libraries(glad PUBLIC ${CMAKE_DL_LIBS})

set(shader_sources ${CMAKE_SOURCE_DIR}/shaders/sprite.vert ${CMAKE_SOURCE_DIR}/shaders/sprite.frag)
set(shader_header ${CMAKE_BINARY_DIR}/generated/embedded_shaders.h)
add_custom_command(OUTPUT ${shader_header}
                   COMMAND ${CMAKE_COMMAND} -DOUT=${shader_header} "-DFILES=${shader_sources}" -P ${CMAKE_SOURCE_DIR}/cmake/EmbedText.cmake
                   DEPENDS ${shader_sources} ${CMAKE_SOURCE_DIR}/cmake/EmbedText.cmake COMMENT "Embedding the shaders" VERBATIM)
add_custom_target(embedded_shaders DEPENDS ${shader_header})

module(app/gl DEPENDS engine/base engine/formats LIBRARIES PRIVATE glad PkgConfig::XCB PUBLIC glfw Threads::Threads)
add_dependencies(app_gl embedded_shaders)
module(app/state DEPENDS engine/animation engine/gallery engine/formats engine/pixelart LIBRARIES PRIVATE nlohmann_json::nlohmann_json)
module(app/widgets DEPENDS app/gl app/state LIBRARIES PRIVATE nlohmann_json::nlohmann_json PUBLIC PkgConfig::IMGUI)
module(app/panels DEPENDS app/widgets engine/formats engine/pixelart LIBRARIES PRIVATE nlohmann_json::nlohmann_json)
module(app/shell DEPENDS app/panels engine/runtime)
