# What `cmake --install` puts under a prefix, all of it found from the program's own place; and the Debian package made of the same.

include(GNUInstallDirs)
set(share ${CMAKE_INSTALL_DATADIR}/spritekiln)

# In the build tree, the program finds models and resources as it does when installed.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share/spritekiln)
foreach(folder models resources)
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${folder} ${CMAKE_BINARY_DIR}/share/spritekiln/${folder} SYMBOLIC)
endforeach()

install(TARGETS spritekiln RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# A LibTorch that is not the system's is found where it was when this was built.
set_target_properties(spritekiln_engine spritekiln_benchmark PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS spritekiln_engine spritekiln_benchmark LIBRARY DESTINATION lib/spritekiln)
install(DIRECTORY resources/datasets DESTINATION ${share}/resources USE_SOURCE_PERMISSIONS)
install(DIRECTORY models DESTINATION ${share} FILES_MATCHING PATTERN "*.safetensors" PATTERN "*.md")
install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES resources/desktop/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The program writes its own manual page and completion. Programs under sanitizers are not for installing.
if(NOT SPRITEKILN_SANITIZE AND NOT SPRITEKILN_FUZZ)
  set(manual ${CMAKE_BINARY_DIR}/manual)
  file(MAKE_DIRECTORY ${manual})
  set(quietly ${CMAKE_COMMAND} -E env SPRITEKILN_HOME=${manual}/home)
  add_custom_command(OUTPUT ${manual}/spritekiln.1.gz ${manual}/completion.bash
                     COMMAND ${quietly} $<TARGET_FILE:spritekiln> manual > ${manual}/spritekiln.1
                     COMMAND gzip -9nf ${manual}/spritekiln.1
                     COMMAND ${quietly} $<TARGET_FILE:spritekiln> completion > ${manual}/completion.bash
                     DEPENDS spritekiln spritekiln_engine COMMENT "Manual page and completion" VERBATIM)
  add_custom_target(manual ALL DEPENDS ${manual}/spritekiln.1.gz ${manual}/completion.bash)
  install(FILES ${manual}/spritekiln.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${manual}/completion.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME spritekiln)
endif()

if(SPRITEKILN_APP)
  set(desktop ${CMAKE_SOURCE_DIR}/resources/desktop)
  install(FILES ${desktop}/spritekiln.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
  install(FILES ${desktop}/org.spritekiln.Spritekiln.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
  install(FILES ${desktop}/spritekiln.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages)

  # The icon, drawn with 16×16 pixels, in every size that desktops ask for.
  set(icon_sizes 16 32 48 64 128 256 512)
  list(TRANSFORM icon_sizes REPLACE "(.+)" "${CMAKE_BINARY_DIR}/icons/\\1.png" OUTPUT_VARIABLE icons)
  add_executable(enlarge_icon resources/desktop/enlarge_icon.cpp)
  target_link_libraries(enlarge_icon PRIVATE spritekiln_options engine_formats engine_pixelart)
  add_custom_command(OUTPUT ${icons} COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/icons
                     COMMAND enlarge_icon ${desktop}/icon.png ${icons}
                     DEPENDS enlarge_icon ${desktop}/icon.png COMMENT "The icon in all sizes" VERBATIM)
  add_custom_target(icons ALL DEPENDS ${icons})
  foreach(size ${icon_sizes})
    install(FILES ${CMAKE_BINARY_DIR}/icons/${size}.png DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/${size}x${size}/apps
            RENAME spritekiln.png)
  endforeach()

  # The font travels along, except in packages, which name the font's own.
  find_file(SPRITEKILN_FONT DejaVuSans.ttf PATHS /usr/share/fonts PATH_SUFFIXES truetype/dejavu TTF dejavu-sans-fonts NO_DEFAULT_PATH)
  find_file(SPRITEKILN_FONT_LICENCE copyright PATHS /usr/share/doc/fonts-dejavu-core NO_DEFAULT_PATH)
  mark_as_advanced(SPRITEKILN_FONT SPRITEKILN_FONT_LICENCE)
  if(SPRITEKILN_FONT)
    install(FILES ${SPRITEKILN_FONT} DESTINATION ${share}/fonts COMPONENT font)
  else()
    message(WARNING "DejaVuSans.ttf was not found: where it is not installed either, the window falls back to a small bitmap font")
  endif()
  if(SPRITEKILN_FONT_LICENCE)
    install(FILES ${SPRITEKILN_FONT_LICENCE} DESTINATION ${share}/fonts COMPONENT font RENAME DejaVuSans-licence.txt)
  endif()
endif()

set(CPACK_INSTALL_CMAKE_PROJECTS "${CMAKE_BINARY_DIR};spritekiln;Unspecified;/")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_NAME spritekiln)
set(CPACK_PACKAGE_CONTACT "Spritekiln developers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "desktop studio for pixel-art sprites")
set(CPACK_PACKAGE_DESCRIPTION "Makes sprites with a diffusion model, from a window in which they fade in out of noise, or from the command
line, and trains models on sprites of one's own. Everything runs on this machine; a small model is included.")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What no library says: the BLAS without which LibTorch is many times slower, and the font.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libopenblas0-pthread, fonts-dejavu-core")
# GLFW opens OpenGL's libraries as it runs, and `dataset dungeon32` unpacks an archive. All else does without.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libgl1, libgl1-mesa-dri, xz-utils")
include(CPack)
