#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/state/mirror.h"

namespace kiln::test {

inline constexpr const char* kSmallModel = "/models/small.safetensors";

// Called “small”, with sprites of 2×2.
inline ModelInfo small_model(std::vector<std::string> classes = {"potion", "sword"}) {
  ModelInfo model;
  model.path = kSmallModel;
  model.name = "small";
  model.width = model.height = 2;
  model.classes = std::move(classes);
  return model;
}

// The engine opens it, by its path.
inline void open_model(Mirror& mirror, const ModelInfo& model) {
  mirror.open_model(model.path);
  const JobId job = std::get<OpenModel>(mirror.take_commands().at(0)).job;
  mirror.apply(Event{ModelOpened{job, model}});
  mirror.apply(Event{JobEnded{job, Outcome::kDone, {}}});
}

// The engine is there and has that model open.
inline void make_ready(Mirror& mirror, const ModelInfo& model = small_model()) {
  mirror.apply(Event{EngineReady{}});
  open_model(mirror, model);
}

// A sprite of one grey.
inline Image grey(int level) {
  Image image(2, 2);
  image.rgba.assign(image.rgba.size(), static_cast<std::uint8_t>(level));
  return image;
}

// Of a batch of such.
inline int level(const Mirror& mirror, int index) { return mirror.batch().image(index).rgba[0]; }

}  // namespace kiln::test
