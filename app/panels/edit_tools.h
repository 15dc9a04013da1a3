#pragma once

#include "app/state/pixel_editor.h"

namespace kiln {

// A tool of the editor as the window shows it.
struct EditToolInfo {
  EditTool tool;
  const char *name, *label;
  char key;
  const char* help;
};

inline constexpr EditToolInfo kEditTools[] = {
    {EditTool::kPencil, "edit.pencil", "Pencil", 'B', "Draws pixels; the right button erases"},
    {EditTool::kEraser, "edit.eraser", "Eraser", 'E', "Makes pixels transparent"},
    {EditTool::kFill, "edit.fill", "Fill", 'G', "Fills an area of one colour"},
    {EditTool::kLine, "edit.line", "Line", 'L', "Draws a straight line"},
    {EditTool::kRectangle, "edit.rectangle", "Rectangle", 'U', "Draws a rectangle"},
    {EditTool::kPicker, "edit.picker", "Picker", 'I', "Takes a colour from the sprite; so does Alt with any tool"},
    {EditTool::kSelect, "edit.select", "Select", 'M', "Selects a rectangle; drag it to move it. Tools then work within it"},
};

}  // namespace kiln
