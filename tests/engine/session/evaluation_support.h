#pragma once

#include "tests/engine/session/support.h"

namespace kiln::test {

// The data of make_data_folder under names of classes that the model has.
inline std::string make_known_data(const TemporaryFolder& folder) {
  const fs::path data = make_data_folder(folder);
  fs::rename(data / "cross", data / "axe");
  fs::rename(data / "ring", data / "potion");
  return data.string();
}

inline EvaluateModel command_for(const TemporaryFolder& folder, const std::string& model, const std::string& data) {
  EvaluateModel command;
  command.job = {1};
  command.request.model = model;
  command.request.cache = (folder / "cache").string();
  command.request.data.path = data;
  command.request.settings.shared_params = {{"draws", 1}, {"steps", 2}, {"device", "cpu"}};
  return command;
}

}  // namespace kiln::test
