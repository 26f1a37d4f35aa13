# cmake -DOUTPUT=<FILE.cpp> -DFOLDER=<folder> -DHEADER=<header> -DNAMESPACE=<namespace> -DFUNCTION=<name>
#   -P EmbedFiles.cmake
# Writes a source file that defines `std::span<const EmbeddedFile> FUNCTION()`: every file of the folder by name, with
# its text and its SHA-256.
file(GLOB files ${FOLDER}/*)
list(SORT files)
set(entries "")
foreach(path IN LISTS files)
  get_filename_component(name "${path}" NAME)
  file(READ "${path}" text)
  file(SHA256 "${path}" sha256)
  string(APPEND entries "    {\"${name}\", \"${sha256}\", R\"__embedded__(${text})__embedded__\"},\n")
endforeach()
file(WRITE ${OUTPUT}
"#include \"${HEADER}\"

namespace ${NAMESPACE} {

std::span<const EmbeddedFile> ${FUNCTION}() {
    static constexpr EmbeddedFile kFiles[] = {
${entries}    };
    return kFiles;
}

}  // namespace ${NAMESPACE}
")
