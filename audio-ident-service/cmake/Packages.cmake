# What `make package` puts into packages beside the program. See docs/packages.md.
set(packaging ${PROJECT_SOURCE_DIR}/../packaging)
set(texts ${PROJECT_BINARY_DIR}/texts)

# What the program says of itself becomes man pages, completions and the settings file of the service.
file(GLOB text_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/../scripts/command_texts/*.py)
find_program(AUDIO_IDENT_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
add_custom_command(OUTPUT ${texts}/audio-ident.env
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${texts}
  COMMAND ${AUDIO_IDENT_PYTHON} -B -m scripts.command_texts $<TARGET_FILE:audio-ident> ${texts}
  DEPENDS audio-ident ${text_sources} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/.. VERBATIM)
add_custom_target(audio-ident-texts DEPENDS ${texts}/audio-ident.env)
install(DIRECTORY ${texts}/share DESTINATION . OPTIONAL PATTERN zsh EXCLUDE)
# zsh looks elsewhere below /usr, so a package does not get this component.
install(FILES ${texts}/share/zsh/_audio-ident DESTINATION share/zsh/site-functions COMPONENT local OPTIONAL)

# Licences: ours, and those that OpenVINO's wheel lists.
file(GLOB openvino_licences ${third_party}/openvino-*.dist-info/licenses/licensing/*.txt)
set(documents ${CMAKE_INSTALL_DATADIR}/doc/audio-ident)
install(FILES ${PROJECT_SOURCE_DIR}/../NOTICE DESTINATION ${documents})
install(FILES ${openvino_licences} DESTINATION ${documents}/openvino)

# The service of the package has a user of its own, who also runs commands on the service's library.
function(audio_ident_replace from to)
  string(REPLACE "${from}" "${to}" replaced "${unit}")
  if(replaced STREQUAL unit)
    message(FATAL_ERROR "systemd/audio-ident.service does not contain ${from}")
  endif()
  set(unit "${replaced}" PARENT_SCOPE)
endfunction()
set(unit_source ${PROJECT_SOURCE_DIR}/systemd/audio-ident.service)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${unit_source})
file(STRINGS ${unit_source} lines)
list(FILTER lines EXCLUDE REGEX "^#")
list(JOIN lines "\n" unit)
audio_ident_replace("/usr/local/bin/" "/usr/bin/")
audio_ident_replace("DynamicUser=yes" "User=audio-ident")
file(WRITE ${PROJECT_BINARY_DIR}/packaging/audio-ident.service "${unit}\n")

# Only the Debian package has these.
macro(audio_ident_install_in_package)
  install(${ARGN} COMPONENT debian EXCLUDE_FROM_ALL)
endmacro()
audio_ident_install_in_package(FILES ${PROJECT_BINARY_DIR}/packaging/audio-ident.service DESTINATION lib/systemd/system)
audio_ident_install_in_package(FILES ${texts}/share/zsh/_audio-ident DESTINATION share/zsh/vendor-completions)
audio_ident_install_in_package(FILES ${texts}/audio-ident.env DESTINATION /etc PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ)
audio_ident_install_in_package(FILES ${packaging}/debian/copyright DESTINATION ${documents})
audio_ident_install_in_package(FILES ${packaging}/debian/lintian-overrides DESTINATION share/lintian/overrides RENAME audio-ident)

set(AUDIO_IDENT_PACKAGE_REVISION 1 CACHE STRING "Number of the package among those of the same version")
cmake_host_system_information(RESULT distribution QUERY DISTRIB_ID)
cmake_host_system_information(RESULT distribution_version QUERY DISTRIB_VERSION_ID)
set(CPACK_DEBIAN_PACKAGE_RELEASE "${AUDIO_IDENT_PACKAGE_REVISION}~${distribution}${distribution_version}")
set(debian_version "${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}")
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${PROJECT_BINARY_DIR}/packaging/changelog.Debian "audio-ident (${debian_version}) unstable; urgency=medium

  * Version ${PROJECT_VERSION}; changelog.gz, beside this file, says what changed.

 -- The audio-ident authors <audio-ident@localhost>  ${date}
")
file(COPY_FILE ${PROJECT_SOURCE_DIR}/../CHANGELOG.md ${PROJECT_BINARY_DIR}/packaging/changelog)
foreach(name changelog changelog.Debian)
  execute_process(COMMAND gzip -9nc ${PROJECT_BINARY_DIR}/packaging/${name}
    OUTPUT_FILE ${PROJECT_BINARY_DIR}/packaging/${name}.gz COMMAND_ERROR_IS_FATAL ANY)
  audio_ident_install_in_package(FILES ${PROJECT_BINARY_DIR}/packaging/${name}.gz DESTINATION ${documents})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME audio-ident)
set(CPACK_PACKAGE_CONTACT "The audio-ident authors <audio-ident@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_COMPONENTS_ALL Unspecified debian)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION sound)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql, ffmpeg")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${packaging}/debian/conffiles ${packaging}/debian/postinst
  ${packaging}/debian/prerm ${packaging}/debian/postrm)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "finds music by sound in your own library")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Give it a clip: a phone recording of a bar, a recording from the browser, any
audio file. It names the recording, the second at which the clip starts, and
how sure it is. It can also list the tracks that sound like the clip.
.
Everything runs locally. The package has the program, which is a command line,
an HTTP service and a web page in one, and a systemd service that is not
enabled until you enable it.")
include(CPack)
