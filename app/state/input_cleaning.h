#pragma once

#include <cstddef>
#include <filesystem>

namespace kiln {

// Removes the images of `home`'s folder `inputs` that were used last before `before` and that nothing refers to any more: neither
// the last batch nor a recipe in the gallery or its bin. Only files that are called by a SHA-256, as keep_input_image() does.
// Returns how many. Not for the thread that draws. Throws Failure where it cannot be known what refers to them; then it removes
// none.
std::size_t clean_input_images(const std::filesystem::path& home, const std::filesystem::path& gallery,
                               std::filesystem::file_time_type before);

// The same for what was not used in the last 30 days; an error goes into the log.
void clean_old_input_images(const std::filesystem::path& home, const std::filesystem::path& gallery);

}  // namespace kiln
