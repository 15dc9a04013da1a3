#pragma once

#include "engine/api/catalog.h"
#include "engine/api/model_info.h"

namespace kiln::test {

// Two samplers with a parameter each, and a model of three classes, for tests of what the window asks for.
inline Catalog small_catalog() {
  Catalog catalog;
  catalog.samplers = {
      {"ddim", "DDIM", "", {{.id = "eta", .label = "eta", .fallback = 0.0, .max = 1}}},
      {"ddpm", "DDPM", "", {{.id = "variance", .label = "variance", .fallback = "small", .choices = {"small", "large"}}}}};
  return catalog;
}

inline ModelInfo three_class_model() {
  ModelInfo model;
  model.path = "m.safetensors";
  model.classes = {"axe", "bow", "cap"};
  return model;
}

}  // namespace kiln::test
