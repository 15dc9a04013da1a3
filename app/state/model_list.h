#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kiln {

struct ModelFile {
  std::string name;  // the file's stem
  std::string path;
  friend bool operator==(const ModelFile&, const ModelFile&) = default;
};

// The *.safetensors files in `folders`, by name. Folders that cannot be read are passed over.
std::vector<ModelFile> list_models(const std::vector<std::filesystem::path>& folders);

}  // namespace kiln
