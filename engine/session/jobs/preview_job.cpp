#include <algorithm>

#include "engine/base/text.h"
#include "engine/data/collected_set.h"
#include "engine/session/jobs/collection_job.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/pixels.h"
#include "engine/training/recipe.h"
#include "engine/training/recipe_batches.h"

namespace kiln {
namespace {

constexpr int kMostPreviews = 1024;

// One batch as training draws it.
class PreviewJob : public CollectionJob {
 public:
  PreviewJob(PreviewDataset command, Outbox& outbox)
      : CollectionJob(command.job, command.source, command.preprocessing, outbox),
        recipe_(validated(recipe_specs(), command.recipe, "recipe")),
        class_name_(std::move(command.class_name)),
        count_(command.count),
        seed_(command.seed) {}

 private:
  void before_reading() override {
    if (count_ < 1 || count_ > kMostPreviews)
      throw Failure(ErrorCode::kInvalidArgument, std::to_string(count_) + " sprites cannot be shown", "choose from 1 to 1024");
  }
  void after_reading() override {
    flip_classes_ = {collection_.flip_classes.begin(), collection_.flip_classes.end()};
    set_ = set_of_recipe(make_sprite_set(std::move(collection_), "“" + source_.path + "”"), recipe_);
    const PaletteEntries entries = palette_head_of(set_, recipe_);
    set_ = in_palette(std::move(set_), entries);
  }
  bool own_step() override {
    const Batch batch = recipe_batches(set_, members(), recipe_, flip_classes_, seed_).batch(0, count_);
    const std::vector<Image> images = sprites_of(to_frame(batch.x, AlphaFinish::kAsIs));
    DatasetPreviewed previewed{job_, {}};
    for (std::size_t i = 0; i < images.size(); ++i) {
      const auto index = static_cast<std::size_t>(batch.classes.data_ptr<std::int64_t>()[i]);
      previewed.sprites.push_back({"", set_.classes[index], images[i]});
    }
    outbox_.send(std::move(previewed));
    return false;
  }

  std::vector<int> members() const {
    const auto found = std::find(set_.classes.begin(), set_.classes.end(), class_name_);
    if (!class_name_.empty() && found == set_.classes.end()) {
      throw Failure(ErrorCode::kInvalidArgument, "there is no class “" + class_name_ + "”", name_hint(class_name_, set_.classes));
    }
    std::vector<int> chosen;
    for (std::size_t i = 0; i < set_.sprites.size(); ++i) {
      if (set_.sprites[i].held_out) continue;
      if (class_name_.empty() || set_.sprites[i].class_index == found - set_.classes.begin()) chosen.push_back(static_cast<int>(i));
    }
    if (chosen.empty())
      throw Failure(ErrorCode::kInvalidArgument, "nothing is trained on here: all of these sprites are put aside for measuring",
                    "choose another class, or let some be trained on");
    return chosen;
  }

  ParamMap recipe_;
  std::string class_name_;
  int count_;
  std::uint64_t seed_;
  std::set<std::string> flip_classes_;
  SpriteSet set_;
};

}  // namespace

std::shared_ptr<Job> make_job(PreviewDataset command, const JobContext& context) {
  return std::make_shared<PreviewJob>(std::move(command), context.outbox);
}

}  // namespace kiln
