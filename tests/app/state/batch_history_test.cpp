#include "app/state/batch_history.h"

#include <doctest/doctest.h>

#include <variant>

#include "tests/app/state/support/ready_mirror.h"

namespace kiln {
namespace {

using namespace test;

constexpr int kSprites = 3;

JobId start(Mirror& mirror) {
  SampleRequest request;
  request.settings.shared_params = {{"count", kSprites}, {"seed", 7}, {"steps", 10}};
  mirror.generate(request);
  return std::get<StartSampling>(mirror.take_commands().at(0)).job;
}

void finish(Mirror& mirror, JobId job, std::uint8_t level) {
  SpritesReady ready{job, std::vector<Sprite>(kSprites, Sprite{grey(level), {}})};
  mirror.apply(Event{std::move(ready)});
  mirror.apply(Event{JobEnded{job, Outcome::kDone, {}}});
}

void make_sprites(Mirror& mirror, std::uint8_t level) { finish(mirror, start(mirror), level); }

TEST_CASE("An edit shows in the batch, in its sprites and in what is exported, and is marked") {
  Mirror mirror;
  make_ready(mirror);
  make_sprites(mirror, 10);
  const std::uint64_t version = mirror.batch().version;
  CHECK(mirror.edit("Pencil", {{1, grey(20)}}));
  CHECK(mirror.batch().version != version);
  CHECK(level(mirror, 0) == 10);
  CHECK(level(mirror, 1) == 20);
  CHECK(mirror.batch().sprites[1].image == grey(20));
  CHECK(mirror.batch().edited == std::set<int>{1});
  mirror.export_sheet("/tmp/sheet.png", {}, false);
  CHECK(std::get<ExportSprites>(mirror.take_commands().at(0)).sprites[1].image == grey(20));
  CHECK_FALSE(mirror.edit("Pencil", {{1, grey(20)}}));     // the same
  CHECK_FALSE(mirror.edit("Pencil", {{3, grey(1)}}));      // no such sprite
  CHECK_FALSE(mirror.edit("Pencil", {{0, Image(3, 2)}}));  // of another size
}

TEST_CASE("Steps are undone and done again over all sprites, one after the other") {
  Mirror mirror;
  make_ready(mirror);
  make_sprites(mirror, 10);
  mirror.edit("Pencil", {{1, grey(20)}});
  mirror.edit("Swap palette", {{0, grey(30)}, {1, grey(31)}, {2, grey(10)}});
  CHECK(mirror.batch().edited == std::set<int>{0, 1});
  CHECK(*mirror.history().undoable() == "Swap palette");
  CHECK(mirror.undo(1) == 1);  // changed too: it stays the one that is looked at
  CHECK(mirror.redo(2) == 0);
  CHECK(mirror.undo() == 0);
  CHECK(level(mirror, 0) == 10);
  CHECK(level(mirror, 1) == 20);
  CHECK(mirror.batch().edited == std::set<int>{1});
  CHECK(mirror.undo() == 1);
  CHECK(level(mirror, 1) == 10);
  CHECK(mirror.batch().edited.empty());
  CHECK_FALSE(mirror.undo());
  CHECK(*mirror.history().redoable() == "Pencil");
  CHECK(mirror.redo() == 1);
  CHECK(mirror.redo() == 0);
  CHECK_FALSE(mirror.redo());
  CHECK(level(mirror, 0) == 30);
  CHECK(level(mirror, 1) == 31);
  CHECK(mirror.undo() == 0);
  mirror.edit("Fill", {{2, grey(40)}});
  CHECK_FALSE(mirror.redo());
  CHECK(level(mirror, 1) == 20);
}

TEST_CASE("A new batch does not destroy what was edited: undo brings it back, redo the new one") {
  Mirror mirror;
  make_ready(mirror);
  make_sprites(mirror, 10);
  mirror.edit("Pencil", {{1, grey(20)}});
  make_sprites(mirror, 50);
  REQUIRE(mirror.notices.shown().size() == 1);
  CHECK(mirror.notices.shown()[0].hint == "Ctrl+Z brings them back");
  CHECK(mirror.batch().edited.empty());
  mirror.edit("Pencil", {{0, grey(60)}});
  mirror.undo();
  CHECK(mirror.undo() == 0);
  CHECK(level(mirror, 0) == 10);
  CHECK(level(mirror, 1) == 20);
  CHECK(mirror.batch().edited == std::set<int>{1});
  mirror.undo();
  CHECK(level(mirror, 1) == 10);
  for (int i = 0; i < 3; ++i) mirror.redo();
  CHECK(level(mirror, 0) == 60);
  CHECK(level(mirror, 1) == 50);
}

TEST_CASE("A batch that is discarded leaves the edited one, and no step") {
  Mirror mirror;
  make_ready(mirror);
  make_sprites(mirror, 10);
  mirror.edit("Pencil", {{1, grey(20)}});
  const JobId job = start(mirror);
  CHECK_FALSE(mirror.why_not_edit(0).empty());
  CHECK_FALSE(mirror.edit("Pencil", {{0, grey(1)}}));
  CHECK_FALSE(mirror.undo());
  mirror.apply(Event{JobEnded{job, Outcome::kCancelled, {}}});
  CHECK(level(mirror, 1) == 20);
  CHECK(*mirror.history().undoable() == "Pencil");
  CHECK(mirror.undo() == 1);
  CHECK(level(mirror, 1) == 10);
}

TEST_CASE("A batch that was not edited makes room for good, and what was undone on it is gone") {
  Mirror mirror;
  make_ready(mirror);
  make_sprites(mirror, 10);
  mirror.edit("Pencil", {{1, grey(20)}});
  mirror.undo();
  make_sprites(mirror, 50);
  CHECK(mirror.notices.shown().empty());
  CHECK_FALSE(mirror.undo());
  CHECK_FALSE(mirror.redo());
  CHECK(level(mirror, 1) == 50);
}

TEST_CASE("Sprites are put behind those of the batch as one step") {
  Mirror mirror;
  make_ready(mirror);
  make_sprites(mirror, 10);
  Sprite kept{grey(70), {}}, edited{grey(80), {}};
  edited.recipe.edited = true;
  CHECK(mirror.add("Recolour", {kept, edited}, {{}, {}}) == kSprites);
  CHECK(mirror.batch().count() == kSprites + 2);
  CHECK(level(mirror, 0) == 10);
  CHECK(level(mirror, kSprites) == 70);
  CHECK(level(mirror, kSprites + 1) == 80);
  CHECK(mirror.batch().edited == std::set<int>{kSprites + 1});
  CHECK(mirror.edit("Pencil", {{kSprites, grey(75)}}));
  mirror.undo();
  mirror.undo();
  CHECK(mirror.batch().count() == kSprites);
  mirror.redo();
  CHECK(mirror.batch().count() == kSprites + 2);
  CHECK(level(mirror, kSprites + 1) == 80);
}

TEST_CASE("Sprites of another size, or where there are none, are a batch of their own, which can be gone back from") {
  Mirror mirror;
  make_ready(mirror);
  CHECK(mirror.add("Edit", {{grey(70), {}}}, {{}}) == 0);
  CHECK(mirror.batch().count() == 1);
  make_sprites(mirror, 10);
  CHECK(mirror.add("Edit", {{Image(4, 4), {}}}, {{}}) == 0);
  CHECK(mirror.batch().width == 4);
  CHECK(mirror.batch().count() == 1);
  mirror.undo();
  CHECK(mirror.batch().count() == kSprites);
  CHECK(level(mirror, 0) == 10);
}

TEST_CASE("Nothing is put into a batch that is being made, or that is full") {
  Mirror mirror;
  make_ready(mirror);
  make_sprites(mirror, 10);
  const std::vector<Sprite> many(Mirror::kMostInBatch, Sprite{grey(1), {}});
  CHECK_FALSE(mirror.add("Recolour", many, std::vector<SpriteOrigin>(many.size())));
  CHECK_FALSE(mirror.why_not_add(many.size()).empty());
  const JobId job = start(mirror);
  CHECK_FALSE(mirror.add("Edit", {{grey(1), {}}}, {{}}));
  finish(mirror, job, 20);
  CHECK(mirror.batch().count() == kSprites);
}

}  // namespace
}  // namespace kiln
