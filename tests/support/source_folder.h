#pragma once

#include <filesystem>

// The project's folder: golden files, resources and sources that tests read. Told to one file alone, so that a compiler's cache
// serves every clone.
std::filesystem::path source_folder();
