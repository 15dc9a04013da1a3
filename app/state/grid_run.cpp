#include "app/state/grid_run.h"

#include <algorithm>
#include <utility>

namespace kiln {
namespace {

// Of the noise that a request begins with.
double first_level(const SampleRequest& request) {
  if (request.settings.init_image.path.empty()) return 1;
  const auto strength = request.settings.init_params.find("strength");
  return strength == request.settings.init_params.end() ? get_real(defaults_of(init_image_specs()), "strength")
                                                        : std::get<double>(strength->second);
}

}  // namespace

void GridRun::begin(std::vector<PlacedRequest> requests) {
  *this = {};
  requests_ = std::move(requests);
  fade_ = std::make_shared<Fade>(first_level(current().request));
}

void GridRun::next() {
  ++at_;
  got_sprites_ = false;
  fade_ = std::make_shared<Fade>(first_level(current().request));
}

std::vector<int> GridRun::places() const {
  std::vector<int> all;
  for (const PlacedRequest& each : requests_) all.insert(all.end(), each.places.begin(), each.places.end());
  return all;
}

bool GridRun::makes(int place) const {
  const std::vector<int> all = places();
  return std::find(all.begin(), all.end(), place) != all.end();
}

// The request makes all sprites of the batch, in its order.
bool GridRun::is_whole(const GeneratedBatch& batch) const {
  return count() == 1 && batch.sprites.empty() && static_cast<int>(current().places.size()) == batch.count();
}

SpriteOrigin GridRun::origin_of(const SpriteRecipe& recipe, std::size_t index) const {
  const int asked = static_cast<int>(get_int(current().request.settings.shared_params, "steps"));
  return {current().request.model_path, fade_->empty() ? nullptr : fade_, static_cast<int>(index), recipe.steps_done,
          std::max(recipe.steps_done, fade_->empty() ? asked : fade_->total())};
}

bool GridRun::show(Frame&& frame, GeneratedBatch& batch) const {
  const std::vector<int>& places = current().places;
  if (frame.count != static_cast<int>(places.size())) return false;
  const std::size_t size = static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height) * 4;
  if (frame.rgba.size() != size * places.size()) return false;
  if (is_whole(batch)) {
    batch.width = frame.width;
    batch.height = frame.height;
    batch.rgba = std::move(frame.rgba);
  } else {
    if (frame.width != batch.width || frame.height != batch.height || !batch.has_pixels()) return false;
    for (std::size_t i = 0; i < places.size(); ++i) batch.put(places[i], std::span(frame.rgba).subspan(i * size, size));
  }
  batch.step = frame.step;
  batch.total = frame.total;
  return true;
}

bool GridRun::take(std::vector<Sprite> sprites, GeneratedBatch& batch) {
  const std::vector<int>& places = current().places;
  const Image& first = sprites.front().image;
  if (is_whole(batch)) {
    batch.width = first.width;
    batch.height = first.height;
    batch.rgba.clear();
    for (std::size_t i = 0; i < sprites.size(); ++i) {
      batch.rgba.insert(batch.rgba.end(), sprites[i].image.rgba.begin(), sprites[i].image.rgba.end());
      batch.origins.push_back(origin_of(sprites[i].recipe, i));
    }
    batch.request.settings.shared_params["count"] = static_cast<std::int64_t>(sprites.size());
    batch.step = sprites.front().recipe.steps_done;
    batch.sprites = std::move(sprites);
  } else {
    if (sprites.size() != places.size() || first.width != batch.width || first.height != batch.height) return false;
    for (std::size_t i = 0; i < places.size(); ++i) {
      batch.put(places[i], sprites[i].image.rgba);
      batch.edited.erase(places[i]);
      const SpriteOrigin origin = origin_of(sprites[i].recipe, i);
      made_[places[i]] = {std::move(sprites[i]), origin};
    }
  }
  got_sprites_ = true;
  return true;
}

void GridRun::completed(GeneratedBatch& batch) {
  for (const int place : current().places) {
    const auto made = made_.find(place);
    if (made != made_.end()) {
      made->second.origin.total = made->second.origin.step;
    } else if (static_cast<std::size_t>(place) < batch.origins.size()) {
      SpriteOrigin& origin = batch.origins[static_cast<std::size_t>(place)];
      origin.total = origin.step;
    }
  }
}

void GridRun::finish(GeneratedBatch& batch) {
  if (made_.empty()) return;
  const bool is_new = batch.sprites.empty();
  batch.sprites.resize(static_cast<std::size_t>(batch.count()));
  batch.origins.resize(static_cast<std::size_t>(batch.count()));
  std::vector<int> made;
  for (auto& [place, each] : made_) {
    batch.sprites[static_cast<std::size_t>(place)] = std::move(each.sprite);
    batch.origins[static_cast<std::size_t>(place)] = std::move(each.origin);
    made.push_back(place);
  }
  if (is_new && static_cast<int>(made.size()) < batch.count()) batch = batch.with_only(made);
}

}  // namespace kiln
