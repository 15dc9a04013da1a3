#pragma once

#include <CLI/App.hpp>
#include <map>
#include <string>
#include <vector>

#include "engine/api/dataset.h"

namespace kiln {

// Where sprites come from, as told on the command line.
struct SourceTexts {
  std::string path, labels, class_names, grid, offset = "0,0", spacing = "0,0";

  // Throws Failure(kInvalidArgument).
  SpriteSource source() const;
};

// name: of the option or argument that takes the path, which is required.
void add_source_options(CLI::App& command, SourceTexts& texts, const std::string& name, bool required = true);

// What is to be done to them.
struct PreprocessingTexts {
  Preprocessing switches;                                 // those that are only on or off
  std::map<std::string, std::vector<std::string>> texts;  // values of the others, by PreprocessingStep::id; addresses stay

  // Throws Failure(kInvalidArgument).
  Preprocessing all() const;
};

void add_preprocessing_options(CLI::App& command, PreprocessingTexts& texts);

}  // namespace kiln
