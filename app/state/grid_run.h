#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "app/state/fade.h"
#include "app/state/generated_batch.h"

namespace kiln {

// A sampling request and the places of the batch that its sprites go to.
struct PlacedRequest {
  SampleRequest request;
  std::vector<int> places;
};

// Requests that are sampled one after the other into one batch, and what came of them.
class GridRun {
 public:
  // Begins with the first of `requests`, which must not be empty.
  void begin(std::vector<PlacedRequest> requests);
  bool has_next() const { return at_ + 1 < requests_.size(); }
  void next();  // has_next() must hold
  void end() { *this = {}; }

  const PlacedRequest& current() const { return requests_[at_]; }
  std::vector<int> places() const;                      // of all requests
  bool makes(int place) const;                          // one of them does
  int before() const { return static_cast<int>(at_); }  // requests that are done
  int count() const { return static_cast<int>(requests_.size()); }
  bool got_sprites() const { return got_sprites_; }                 // of the current one
  bool made_any() const { return !made_.empty() || got_sprites_; }  // of any

  void record(const Frame& frame) { fade_->add(frame); }
  // A frame or the finished sprites of the current request, put into the batch. False if they do not fit into it.
  bool show(Frame&& frame, GeneratedBatch& batch) const;
  bool take(std::vector<Sprite> sprites, GeneratedBatch& batch);
  // The current request came to its end, so that its sprites have all their steps.
  void completed(GeneratedBatch& batch);
  // The batch has its finished sprites; those that were neither there before nor made are gone from it.
  void finish(GeneratedBatch& batch);

 private:
  struct Made {
    Sprite sprite;
    SpriteOrigin origin;
  };
  bool is_whole(const GeneratedBatch& batch) const;
  SpriteOrigin origin_of(const SpriteRecipe& recipe, std::size_t index) const;

  std::vector<PlacedRequest> requests_;
  std::size_t at_ = 0;
  std::shared_ptr<Fade> fade_;
  bool got_sprites_ = false;
  std::map<int, Made> made_;  // by place
};

}  // namespace kiln
