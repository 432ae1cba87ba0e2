"""Tasks: what a person must do, whose it is, and by when."""

from commsbridge.tasks.actions import close_task, close_tasks_about, give_task
from commsbridge.tasks.models import Task, TaskKind
from commsbridge.tasks.queries import asked_already, open_tasks, overdue_tasks, students_with_open, task_by_id

__all__ = [
    "Task",
    "TaskKind",
    "asked_already",
    "close_task",
    "close_tasks_about",
    "give_task",
    "open_tasks",
    "overdue_tasks",
    "students_with_open",
    "task_by_id",
]
